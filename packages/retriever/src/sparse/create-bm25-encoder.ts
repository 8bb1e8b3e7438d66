import { setImmediate as nextTurn } from "node:timers/promises";
import type { EmbedRole, SparseEncoder, SparseVector, WeightedText } from "@binnacle/core";
import { callOptionsFields, describeValue, parseOptions, once } from "@binnacle/core/kit";
import { z } from "zod";
import { bm25Id, parseBm25Options, type Bm25EncoderOptions, type Bm25Parameters } from "./bm25-options.ts";
import { createTerms, type TermsOf } from "./create-terms.ts";

// Not strict, because options are passed on from other calls.
const encodeSchema = once(() =>
  z.object({
    ...callOptionsFields,
    role: z.enum(["query", "document"]),
    texts: z.array(
      z.union([z.string(), z.array(z.object({ text: z.string(), weight: z.number().positive() }))], {
        error: ({ input }) => `expected a text or its weighted parts, got ${describeValue(input)}`,
      }),
    ),
  }),
);

/** After this many characters, about 10 ms, the encoder yields to other work. */
const CHARACTERS_PER_TURN = 50_000;

/**
 * Creates the encoder of the lexical leg. Its hashes and weights equal those of Qdrant's `qdrant/bm25` with
 * the same options, and so do its terms for plain words. It has further terms for parts of identifiers,
 * joined words, single Chinese characters and stop words. They do not count in the length. The store applies
 * the IDF. A term that occurs f times in a document has the weight
 * `f · (k + 1) / (f + k · (1 − b + b · length / average))` (Robertson & Zaragoza 2009). In a part with the
 * weight w it occurs w times as often (BM25F). A term of a query has the weight 1.
 */
export function createBm25Encoder(options: Bm25EncoderOptions = {}): SparseEncoder {
  const parameters = parseBm25Options(options);
  let loading: Promise<TermsOf> | undefined;
  return {
    id: bm25Id(parameters),
    async encode(texts, options) {
      const { role, signal } = parseOptions("encode", encodeSchema(), { ...options, texts });
      signal?.throwIfAborted();
      loading ??= createTerms(parameters.language, parameters.stopWords);
      const termsOf = await loading;
      const vectors: SparseVector[] = [];
      let characters = 0;
      for (const text of texts) {
        const fields = typeof text === "string" ? [{ text, weight: 1 }] : text;
        for (const field of fields) characters += field.text.length;
        if (characters > CHARACTERS_PER_TURN) {
          await nextTurn();
          characters = 0;
        }
        signal?.throwIfAborted();
        vectors.push(sparseVector(fields, termsOf, role, parameters));
      }
      return vectors;
    },
  };
}

function sparseVector(
  fields: readonly WeightedText[],
  termsOf: TermsOf,
  role: EmbedRole,
  parameters: Bm25Parameters,
): SparseVector {
  const counts = new Map<number, number>();
  let length = 0;
  for (const { text, weight } of fields) {
    const found = termsOf(text, role);
    length += found.length;
    for (const term of found.terms) counts.set(term, (counts.get(term) ?? 0) + weight);
  }
  const indices = Uint32Array.from(counts.keys()).sort();
  const weigh = role === "query" ? () => 1 : documentWeight(length, parameters);
  return { indices, values: Float32Array.from(indices, (term) => weigh(counts.get(term) ?? 0)) };
}

function documentWeight(length: number, { k, b, averageWords }: Bm25Parameters): (count: number) => number {
  const saturation = k * (1 - b + (b * length) / averageWords);
  return (count) => (count * (k + 1)) / (count + saturation);
}
