import { InvalidResponseError, type Tokenizer } from "@binnacle/core";
import { describeValue } from "@binnacle/core/kit";

/** Wraps an app's own tokenizer and checks its answers, because a wrong count would cut chunks anywhere. */
export function checkedTokenizer(tokenizer: Tokenizer): Tokenizer {
  return {
    id: tokenizer.id,
    encode: (text) => tokenizer.encode(text),
    ...checkedCounter(tokenizer),
    ends: (text) => {
      const ends: Uint32Array = tokenizer.ends(text);
      const issue = endsIssue(ends, text);
      if (issue !== undefined) throw unusable(`ends() ${issue}`);
      return ends;
    },
  };
}

/**
 * Wraps an app's own token counter. Its `count` throws an `InvalidResponseError` if the answer is not a whole
 * number.
 */
export function checkedCounter(counter: Pick<Tokenizer, "count">): Pick<Tokenizer, "count"> {
  return {
    count: (text) => {
      const count: number = counter.count(text);
      if (Number.isSafeInteger(count) && count >= 0) return count;
      throw unusable(`count() must return a whole number of at least 0, got ${describeValue(count)}`);
    },
  };
}

function endsIssue(ends: unknown, text: string): string | undefined {
  if (!(ends instanceof Uint32Array)) return `must return a Uint32Array, got ${describeValue(ends)}`;
  let before = 0;
  for (const end of ends) {
    if (end < before) return `must never decrease, but ${end} comes after ${before}`;
    before = end;
  }
  return before === text.length ? undefined : `must end with the text's length ${text.length}, got ${before}`;
}

function unusable(message: string): InvalidResponseError {
  return new InvalidResponseError(`The tokenizer's answer is invalid: ${message}. Correct the tokenizer.`);
}
