import {
  InferenceError,
  InvalidResponseError,
  type Embedder,
  type EmbedderInfo,
  type EmbedInput,
  type EmbedOptions,
  type EmbedResult,
  type InferenceCallOptions,
} from "@binnacle/core";
import { inputText } from "@binnacle/core/kit";
import { createServerEmbedder, type ServerEmbedder } from "../../embedding/create-server-embedder.ts";
import type { EmbedItem } from "../../embedding/embed-item.ts";
import type { Embeddings } from "../../embedding/parse-embeddings.ts";
import { vectorSpace } from "../../embedding/vector-space.ts";
import { embeddingTensorsOf, type EmbeddingTensors } from "./models/embedding-tensors.ts";
import { fixedTensors, inputTensor } from "./models/input-tensor.ts";
import { tensorFloats } from "./tensors/tensor-bytes.ts";
import type { Tensor } from "./tensors/tensor.ts";
import {
  parseEmbedderOptions,
  type TritonEmbedderOptions,
  type TritonEmbedderSettings,
} from "./triton-options.ts";
import { createTritonServer, type TritonServer } from "./triton-server.ts";
import type { TritonModel } from "./wire/server-facts.ts";

/** Embeds with a model of a Triton Inference Server. A batch is one tensor with a row per input. */
export class TritonEmbedder implements Embedder {
  readonly #settings: TritonEmbedderSettings;
  readonly #server: TritonServer;
  readonly #embedder: ServerEmbedder;

  /** Opens no connection yet. Throws `ConfigurationError` if an option is invalid. */
  constructor(options: TritonEmbedderOptions) {
    this.#settings = parseEmbedderOptions(options);
    this.#server = createTritonServer("TritonEmbedder", this.#settings, () => this.#embedder.forget());
    this.#embedder = createServerEmbedder({
      server: this.#server,
      settings: this.#settings,
      ask: (signal) => this.#ask(signal),
      send: (items, call) => this.#send(items, call),
    });
  }

  describe(options?: InferenceCallOptions): Promise<EmbedderInfo> {
    return this.#embedder.describe(options);
  }

  embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    return this.#embedder.embed(inputs, options);
  }

  close(): Promise<void> {
    return this.#embedder.close();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #ask(signal: AbortSignal): Promise<EmbedderInfo> {
    const { model: name, maxTokensPerItem, concurrency } = this.#settings;
    const { model, tensors } = await this.#facts(signal);
    const declared = model.outputs.find((output) => output.name === tensors.embedding)?.shape.at(-1) ?? -1;
    const dimensions = declared > 0 ? declared : await this.#askDimensions(signal);
    return {
      space: vectorSpace({ ...this.#settings, model: name, dimensions }),
      accepts: tensors.image === undefined ? ["text"] : ["text", "image", "text+image"],
      maxItems: this.#maxItems(model, tensors),
      maxTokensPerItem,
      concurrency: concurrency ?? model.config?.instances ?? 2,
    };
  }

  async #askDimensions(signal: AbortSignal): Promise<number> {
    const { vectors } = await this.#send(["a"], { signal });
    return vectors[0]?.length ?? 0;
  }

  #maxItems({ inputs, config }: TritonModel, { text }: EmbeddingTensors): number {
    const { maxItems } = this.#settings;
    if (config !== undefined && config.maxBatchSize > 0) return Math.min(maxItems, config.maxBatchSize);
    const hasRows = inputs.find(({ name }) => name === text)?.shape[0] === -1;
    return hasRows ? maxItems : 1;
  }

  async #facts(
    signal: AbortSignal | undefined,
  ): Promise<{ readonly model: TritonModel; readonly tensors: EmbeddingTensors }> {
    const { model: name, version, tensors } = this.#settings;
    const model = await this.#server.model(name, version, signal);
    return { model, tensors: embeddingTensorsOf(this.#server.label, model, tensors) };
  }

  async #send(items: readonly EmbedItem[], options: InferenceCallOptions): Promise<Embeddings> {
    const { version, requestTimeoutMs: timeoutMs } = this.#settings;
    const { model, tensors } = await this.#facts(options.signal);
    const rows = items.length;
    const add = (name: string | undefined, values: readonly string[]): readonly Tensor[] => {
      const tensor = name === undefined ? undefined : inputTensor(model, name, values, rows);
      return tensor === undefined ? [] : [tensor];
    };
    const images = items.map((item) => imageText(item, this.#server));
    const inputs = [
      ...add(tensors.text, items.map(itemText)),
      ...(images.every((image) => image === "") ? [] : add(tensors.image, images)),
      ...fixedTensors(model, tensors.fixed, rows),
    ];
    const request = { model: model.name, version, inputs, outputs: [tensors.embedding] };
    const { outputs } = await this.#server.infer(request, { ...options, timeoutMs });
    return { vectors: rowsOf(outputs, tensors.embedding, rows, this.#server.label) };
  }
}

function itemText(item: EmbedItem): string {
  return typeof item === "string" ? item : inputText({ content: item }).toWellFormed();
}

function imageText(item: EmbedItem, { label, address: replica }: TritonServer): string {
  if (typeof item === "string") return "";
  const [first, second] = item.flatMap((part) => (part.type === "image" ? [part.image.data] : []));
  if (second !== undefined) {
    const message = `${label}: an input with several images; the model takes one image per input`;
    throw new InferenceError(message, { kind: "invalid-request", replica });
  }
  return first === undefined
    ? ""
    : Buffer.from(first.buffer, first.byteOffset, first.byteLength).toString("base64");
}

/** Cuts the output into its rows. Throws `InvalidResponseError` unless there is one row per input. */
function rowsOf(
  outputs: readonly Tensor[],
  name: string,
  rows: number,
  label: string,
): readonly Float32Array[] {
  const tensor = outputs.find((output) => output.name === name);
  const floats = tensor && tensorFloats(tensor);
  if (tensor === undefined || floats === undefined) {
    const got = tensor?.datatype ?? `only ${outputs.map((output) => output.name).join(", ")}`;
    throw new InvalidResponseError(
      `${label}: expected the output "${name}" with floating-point numbers, got ${got}`,
    );
  }
  const width = floats.length / rows;
  if (tensor.shape[0] !== rows || width === 0 || !Number.isInteger(width)) {
    const came = tensor.shape.join(" × ");
    throw new InvalidResponseError(
      `${label}: expected ${rows} vectors, one per input, got a tensor of ${came}`,
    );
  }
  return Array.from({ length: rows }, (_, row) => floats.subarray(row * width, (row + 1) * width));
}
