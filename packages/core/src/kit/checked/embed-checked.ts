import { BinnacleError } from "../../errors/binnacle-error.ts";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import type { EmbedInput, EmbedOptions, EmbedResult, Embedder, VectorSpace } from "../../spec/embedder.ts";
import { describeValue } from "../parsing/describe-value.ts";
import { denseVectorIssue } from "../vectors.ts";

/**
 * Calls an embedder and checks the result, because the embedder may be an app's own.
 *
 * - Throws an `InvalidResponseError` unless each input has one outcome: a `BinnacleError`, or a
 *   `Float32Array` with the dimensions of the space. No vector of such a result can be trusted.
 * - Throws a `ConfigurationError` with code `wrong_space` if the vectors belong to another space.
 * - Turns a vector with NaN, an infinity or only zeros into the error of its input.
 */
export async function embedChecked(
  embedder: Embedder,
  inputs: readonly EmbedInput[],
  options: EmbedOptions,
  space: Pick<VectorSpace, "id" | "dimensions">,
): Promise<EmbedResult> {
  const result: EmbedResult = await embedder.embed(inputs, options);
  const outcomes = outcomesOf(result, inputs.length);
  if (result.spaceId !== space.id) throw wrongSpace(space.id, result.spaceId);
  return {
    ...result,
    outcomes: outcomes.map((outcome, i) => checkedOutcome(outcome, i, space.dimensions)),
  };
}

function outcomesOf(result: unknown, count: number): readonly unknown[] {
  if (typeof result !== "object" || result === null)
    throw unusable(`expected { spaceId, outcomes }, got ${describeValue(result)}`);
  const outcomes: unknown = Reflect.get(result, "outcomes");
  if (!Array.isArray(outcomes))
    throw unusable(`\`outcomes\` must be an array, got ${describeValue(outcomes)}`);
  if (outcomes.length !== count)
    throw unusable(
      `it has ${outcomes.length} outcomes for ${count} inputs. Return one outcome per input, in order`,
    );
  return Array.from<unknown>(outcomes);
}

function checkedOutcome(outcome: unknown, index: number, dimensions: number): Float32Array | BinnacleError {
  if (BinnacleError.isInstance(outcome)) return outcome;
  if (!(outcome instanceof Float32Array)) {
    const wayOut = Array.isArray(outcome)
      ? "Convert it with Float32Array.from(), or use createEmbedder()"
      : "Return a Float32Array, or a BinnacleError that says why this input has no vector";
    throw unusable(`outcome ${index} is ${describeValue(outcome)}. ${wayOut}`);
  }
  if (outcome.length !== dimensions)
    throw unusable(
      `outcome ${index} has ${outcome.length} numbers, but the space has ${dimensions} dimensions`,
    );
  return denseVectorIssue(outcome, dimensions) ?? outcome;
}

function unusable(message: string): InvalidResponseError {
  return new InvalidResponseError(
    `The embedder returned an invalid result, so none of its vectors is used: ${message}.`,
  );
}

function wrongSpace(expected: string, got: unknown): ConfigurationError {
  return new ConfigurationError(
    `The embedder returned vectors of space ${typeof got === "string" ? `"${got}"` : describeValue(got)}, but "${expected}" is expected. Its model was changed. Index into a new collection with the new model.`,
    { code: "wrong_space" },
  );
}
