import {
  InferenceError,
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
import { batchLimit, fixedTensors, inputTensor, presentTensors } from "./models/input-tensor.ts";
import { outputRows } from "./models/output-rows.ts";
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
      maxItems: batchLimit(model, tensors.text, this.#settings.maxItems),
      maxTokensPerItem,
      concurrency: concurrency ?? model.config?.instances ?? 2,
    };
  }

  async #askDimensions(signal: AbortSignal): Promise<number> {
    const { vectors } = await this.#send(["a"], { signal });
    return vectors[0]?.length ?? 0;
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
    const images = items.map((item) => imageText(item, this.#server));
    const hasImages = tensors.image !== undefined && images.some((image) => image !== "");
    const inputs = presentTensors([
      inputTensor(model, tensors.text, items.map(itemText), rows),
      hasImages ? inputTensor(model, tensors.image, images, rows) : undefined,
      ...fixedTensors(model, tensors.fixed, rows),
    ]);
    const request = { model: model.name, version, inputs, outputs: [tensors.embedding] };
    const { outputs } = await this.#server.infer(request, { ...options, timeoutMs });
    return { vectors: outputRows(this.#server.label, outputs, tensors.embedding, rows) };
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
