import { BinnacleError } from "../../errors/binnacle-error.ts";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import type { EmbedInput, EmbedOptions, EmbedResult, Embedder, VectorSpace } from "../../spec/embedder.ts";
import { describeValue } from "../parsing/describe-value.ts";
import { denseVectorIssue } from "../vectors.ts";

/**
 * Asks an embedder, which may be an app's own, and checks its answer as a whole. An answer with another number of
 * outcomes, another number of dimensions or anything but a `Float32Array` or a `BinnacleError` per input throws an
 * `InvalidResponseError`: no vector of it can be trusted. Vectors of another space throw a `ConfigurationError` with code
 * `wrong_space`. A vector with NaN, an infinity or nothing but zeros becomes the error of its own input.
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
  if (!Array.isArray(outcomes)) throw unusable(`outcomes must be an array, got ${describeValue(outcomes)}`);
  if (outcomes.length !== count)
    throw unusable(
      `it returned ${outcomes.length} outcomes for ${count} inputs; return one per input, in order`,
    );
  return Array.from<unknown>(outcomes);
}

function checkedOutcome(outcome: unknown, index: number, dimensions: number): Float32Array | BinnacleError {
  if (BinnacleError.isInstance(outcome)) return outcome;
  if (!(outcome instanceof Float32Array)) {
    const wayOut = Array.isArray(outcome)
      ? "convert it with Float32Array.from(), or use createEmbedder()"
      : "return a Float32Array, or a BinnacleError that says why this input has no vector";
    throw unusable(`outcome ${index} is ${describeValue(outcome)}; ${wayOut}`);
  }
  if (outcome.length !== dimensions)
    throw unusable(
      `outcome ${index} has ${outcome.length} numbers where the space has ${dimensions} dimensions`,
    );
  return denseVectorIssue(outcome, dimensions) ?? outcome;
}

function unusable(message: string): InvalidResponseError {
  return new InvalidResponseError(
    `the embedder's answer cannot be used, and none of its vectors was kept: ${message}`,
  );
}

function wrongSpace(expected: string, got: unknown): ConfigurationError {
  return new ConfigurationError(
    `the embedder answered in space ${typeof got === "string" ? `"${got}"` : describeValue(got)} where "${expected}" is expected: the model behind it was changed; index into a new collection with the new model`,
    { code: "wrong_space" },
  );
}
