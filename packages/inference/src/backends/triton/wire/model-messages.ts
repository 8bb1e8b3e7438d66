import type {
  ModelConfig,
  ModelMetadata,
  ModelStatistics,
  RepositoryModel,
  ServerInfo,
  TensorSpec,
} from "./server-facts.ts";
import type { ProtoReader } from "./proto-reader.ts";
import { ProtoWriter } from "./proto-writer.ts";

/** Writes the request for a model: its name and its version. */
export function modelRequestBytes(name: string, version: string | undefined): Buffer {
  const writer = new ProtoWriter().text(1, name);
  return (version === undefined ? writer : writer.text(2, version)).finish();
}

/** Writes the request that loads or unloads a model. */
export function repositoryRequestBytes(name: string): Buffer {
  return new ProtoWriter().text(2, name).finish();
}

/** Reads `ServerReadyResponse` and `ModelReadyResponse`. */
export function parseReady(reader: ProtoReader): boolean {
  let ready = false;
  while (reader.next()) {
    if (reader.field === 1) ready = reader.boolean();
    else reader.skip();
  }
  return ready;
}

/** Reads `ServerMetadataResponse`. */
export function parseServerInfo(reader: ProtoReader): ServerInfo {
  let [name, version] = ["", ""];
  const extensions: string[] = [];
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) version = reader.text();
    else if (reader.field === 3) extensions.push(reader.text());
    else reader.skip();
  }
  return { name, version, extensions };
}

/** Reads `ModelMetadataResponse`. */
export function parseMetadata(reader: ProtoReader): ModelMetadata {
  let [name, platform] = ["", ""];
  const [versions, inputs, outputs]: [string[], TensorSpec[], TensorSpec[]] = [[], [], []];
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) versions.push(reader.text());
    else if (reader.field === 3) platform = reader.text();
    else if (reader.field === 4) inputs.push(readSpec(reader.message()));
    else if (reader.field === 5) outputs.push(readSpec(reader.message()));
    else reader.skip();
  }
  return { name, versions, platform, inputs, outputs };
}

/** Reads `ModelConfigResponse` (model_config.proto), apart from the fields that the driver does not use. */
export function parseConfig(reader: ProtoReader): ModelConfig {
  let [maxBatchSize, instances, backend, isDecoupled] = [0, 0, "", false];
  const optionalInputs: string[] = [];
  while (reader.next()) {
    if (reader.field !== 1) {
      reader.skip();
      continue;
    }
    const config = reader.message();
    while (config.next()) {
      if (config.field === 4) maxBatchSize = config.integer();
      else if (config.field === 5) optionalInputs.push(...optionalName(config.message()));
      else if (config.field === 7) instances += field(config.message(), 2);
      else if (config.field === 17) backend = config.text();
      else if (config.field === 19) isDecoupled = field(config.message(), 1) !== 0;
      else config.skip();
    }
  }
  return { maxBatchSize, instances: Math.max(1, instances), backend, isDecoupled, optionalInputs };
}

/** Reads `ModelStatisticsResponse`. */
export function parseStatistics(reader: ProtoReader): readonly ModelStatistics[] {
  const models: ModelStatistics[] = [];
  while (reader.next()) {
    if (reader.field === 1) models.push(readStatistics(reader.message()));
    else reader.skip();
  }
  return models;
}

/** Reads `RepositoryIndexResponse`. */
export function parseIndex(reader: ProtoReader): readonly RepositoryModel[] {
  const models: RepositoryModel[] = [];
  while (reader.next()) {
    if (reader.field !== 1) {
      reader.skip();
      continue;
    }
    const texts = new Map<number, string>();
    const model = reader.message();
    while (model.next()) texts.set(model.field, model.text());
    const [name = "", version = "", state = "", reason = ""] = [1, 2, 3, 4].map((index) => texts.get(index));
    models.push({ name, version, state, reason });
  }
  return models;
}

function readStatistics(reader: ProtoReader): ModelStatistics {
  let [name, version, inferences, executions] = ["", "", 0, 0];
  let durations: Pick<ModelStatistics, "succeeded" | "failed" | "queueMs" | "computeMs"> = {
    succeeded: 0,
    failed: 0,
    queueMs: 0,
    computeMs: 0,
  };
  const batches: { readonly size: number; readonly executions: number }[] = [];
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) version = reader.text();
    else if (reader.field === 4) inferences = reader.integer();
    else if (reader.field === 5) executions = reader.integer();
    else if (reader.field === 6) durations = readDurations(reader.message());
    else if (reader.field === 7) batches.push(readBatch(reader.message()));
    else reader.skip();
  }
  return { name, version, inferences, executions, ...durations, batches };
}

function readDurations(
  reader: ProtoReader,
): Pick<ModelStatistics, "succeeded" | "failed" | "queueMs" | "computeMs"> {
  const found = new Map<number, { readonly count: number; readonly ms: number }>();
  while (reader.next()) {
    const { field: index } = reader;
    if (index >= 1 && index <= 6) found.set(index, readDuration(reader.message()));
    else reader.skip();
  }
  return {
    succeeded: found.get(1)?.count ?? 0,
    failed: found.get(2)?.count ?? 0,
    queueMs: found.get(3)?.ms ?? 0,
    computeMs: found.get(5)?.ms ?? 0,
  };
}

function readDuration(reader: ProtoReader): { readonly count: number; readonly ms: number } {
  let [count, ns] = [0, 0];
  while (reader.next()) {
    if (reader.field === 1) count = reader.integer();
    else if (reader.field === 2) ns = reader.integer();
    else reader.skip();
  }
  return { count, ms: ns / 1e6 };
}

function readBatch(reader: ProtoReader): { readonly size: number; readonly executions: number } {
  let [size, executions] = [0, 0];
  while (reader.next()) {
    if (reader.field === 1) size = reader.integer();
    else if (reader.field === 3) executions = readDuration(reader.message()).count;
    else reader.skip();
  }
  return { size, executions };
}

function readSpec(reader: ProtoReader): TensorSpec {
  let [name, datatype] = ["", ""];
  const shape: number[] = [];
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) datatype = reader.text();
    else if (reader.field === 3) shape.push(...reader.integers().map(Number));
    else reader.skip();
  }
  return { name, datatype, shape };
}

function optionalName(reader: ProtoReader): readonly string[] {
  let [name, isOptional] = ["", false];
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 8) isOptional = reader.boolean();
    else reader.skip();
  }
  return isOptional ? [name] : [];
}

/** Returns an integer field of a message, or 0. */
function field(reader: ProtoReader, index: number): number {
  let value = 0;
  while (reader.next()) {
    if (reader.field === index) value = reader.integer();
    else reader.skip();
  }
  return value;
}
