import { InferenceError, InvalidResponseError, type FinishReason } from "@binnacle/core";
import { ReasoningSplitter } from "@binnacle/core/kit";
import type { GenerationItem } from "../../../generation/timed-generation.ts";
import { finishReasonOf } from "../../../protocol/finish-reason.ts";
import type { ServerIdentity } from "../../../server/model-server.ts";
import { tensorTexts } from "../tensors/tensor-bytes.ts";
import type { Tensor } from "../tensors/tensor.ts";
import type { InferResponse } from "../wire/infer-message.ts";
import type { TextTensors } from "./text-tensors.ts";

/** Options of {@link readTextEvents}. */
export interface ReadTextOptions {
  readonly server: ServerIdentity;
  readonly model: string;
  readonly tensors: TextTensors;
  /** Most tokens that the request allowed. @default unknown */
  readonly maxTokens?: number | undefined;
  /** True if the answers end with one that has `triton_final_response`. */
  readonly isDecoupled: boolean;
}

/**
 * Yields the events of a generation from the answers of a model: `start`, texts, usage and `finish`. Throws
 * an `InferenceError` of kind `interrupted` if the stream ends without its final answer.
 */
export async function* readTextEvents(
  responses: AsyncIterable<InferResponse>,
  options: ReadTextOptions,
): AsyncGenerator<GenerationItem, void, undefined> {
  const { server, model, tensors, isDecoupled } = options;
  const decoder = new TextDecoder();
  const reasoning = new ReasoningSplitter();
  const state: State = { finish: undefined, promptTokens: undefined, completionTokens: undefined };
  let [started, final] = [false, !isDecoupled];
  for await (const { outputs, parameters } of responses) {
    if (!started) yield { type: "start", model, replica: server.address };
    else yield "alive";
    started = true;
    if (outputs.length > 0) {
      const text = responseText(server, outputs, tensors.response, decoder);
      if (text !== "") yield* reasoning.add(text);
      note(outputs, state, options);
    }
    if (parameters["triton_final_response"] === true) final = true;
  }
  if (!final || !started) throw interrupted(server);
  const rest = decoder.decode();
  if (rest !== "") yield* reasoning.add(rest);
  yield* reasoning.end();
  const { promptTokens, completionTokens } = state;
  if (promptTokens !== undefined && completionTokens !== undefined)
    yield { type: "usage", usage: { promptTokens, completionTokens } };
  yield { type: "finish", reason: state.finish ?? reasonByCount(state, options) };
}

interface State {
  finish: FinishReason | undefined;
  promptTokens: number | undefined;
  completionTokens: number | undefined;
}

/** Decodes the text of one answer. A character may begin in one answer and end in the next. */
function responseText(
  { label, address: replica }: ServerIdentity,
  outputs: readonly Tensor[],
  name: string,
  decoder: InstanceType<typeof TextDecoder>,
): string {
  const tensor = outputs.find((one) => one.name === name);
  if (tensor?.datatype !== "BYTES") {
    const got = tensor === undefined ? `only ${outputs.map((one) => one.name).join(", ")}` : tensor.datatype;
    throw new InvalidResponseError(`${label}: expected the output "${name}" of BYTES, got ${got}`, {
      replica,
    });
  }
  const pieces = tensor.data.map((piece) =>
    typeof piece === "string" ? piece : decoder.decode(piece, { stream: true }),
  );
  return pieces.join("");
}

function note(outputs: readonly Tensor[], state: State, { server, tensors }: ReadTextOptions): void {
  const find = (name: string | undefined): Tensor | undefined => outputs.find((one) => one.name === name);
  const finish = find(tensors.finishReason);
  const reason = finish && tensorTexts(finish)?.at(-1);
  // vLLM's backend sends the Python word while the answer goes on.
  if (reason !== undefined && reason !== "" && reason !== "None")
    state.finish = finishReasonOf(server, reason);
  state.promptTokens ??= countOf(find(tensors.promptTokens));
  const count = countOf(find(tensors.completionTokens));
  if (count !== undefined) state.completionTokens = (state.completionTokens ?? 0) + count;
}

function countOf(tensor: Tensor | undefined): number | undefined {
  const value = tensor?.datatype === "BYTES" ? undefined : tensor?.data[0];
  return value === undefined ? undefined : Number(value);
}

/** A model that reports no reason has reached the limit if it wrote as many tokens. */
function reasonByCount({ completionTokens }: State, { maxTokens }: ReadTextOptions): FinishReason {
  return maxTokens !== undefined && (completionTokens ?? 0) >= maxTokens ? "length" : "stop";
}

function interrupted({ label, address: replica }: ServerIdentity): InferenceError {
  return new InferenceError(`${label}: the stream ended before the answer was finished`, {
    kind: "interrupted",
    replica,
    retryable: true,
  });
}
