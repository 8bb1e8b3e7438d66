import { readFile } from "node:fs/promises";
import { Tokenizer as Model } from "@huggingface/tokenizers";
import { ConfigurationError, type Tokenizer } from "@binnacle/core";
import { canonicalDigest, isPlainObject, parseOptions } from "@binnacle/core/kit";
import { z } from "zod";
import { NormalizedText } from "./normalized-text.ts";
import { tokenEnds } from "./token-ends.ts";
import { createSurfaceOf, type SurfaceOf } from "./create-surface-of.ts";

/** Options of {@link createHuggingFaceTokenizer}. */
export interface HuggingFaceTokenizerOptions {
  /** Path of the model's `tokenizer.json`, or its parsed content. */
  readonly tokenizer: string | Readonly<Record<string, unknown>>;
  /**
   * Name of the vocabulary, which becomes part of a chunker's id. @default "huggingface:" and a hash of the
   * content
   */
  readonly id?: string | undefined;
}

const label = "createHuggingFaceTokenizer";
const schema = z.strictObject({
  tokenizer: z.union([z.string().min(1), z.record(z.string(), z.unknown())]),
  id: z.string().min(1).optional(),
});
const fileSchema = z.looseObject({
  model: z.looseObject({ type: z.string().optional() }),
  added_tokens: z.array(z.looseObject({ special: z.boolean().optional() })).optional(),
});

/**
 * Creates a tokenizer from a model's own `tokenizer.json`, so that counts are those of the model. It adds no
 * special tokens, and it reads their names as plain text. A text that the model reads as nothing, such as a
 * single space for BERT, counts as one unknown token.
 *
 * The ends of tokens are found by comparing the tokens with the normalised text. They are exact unless the
 * model merges characters that the text separates. Throws a `ConfigurationError` if the file cannot be read or
 * holds no tokenizer.
 */
export async function createHuggingFaceTokenizer(options: HuggingFaceTokenizerOptions): Promise<Tokenizer> {
  const { tokenizer, id } = parseOptions(label, schema, options);
  const content = typeof tokenizer === "string" ? await readTokenizer(tokenizer) : tokenizer;
  const known = parseOptions(`${label}: tokenizer`, fileSchema, content);
  const plain = {
    normalizer: null,
    pre_tokenizer: null,
    decoder: null,
    ...known,
    // The names of special tokens must count as plain text, because documents may contain them.
    added_tokens: (known.added_tokens ?? []).filter(({ special }) => special !== true),
    post_processor: null, // it would only add special tokens
  };
  const model = new Model(plain, {});
  return new HuggingFaceTokenizer({
    id: id ?? `huggingface:${canonicalDigest(JSON.stringify(content)).slice(0, 16)}`,
    model,
    surfaceOf: createSurfaceOf(plain),
  });
}

interface Parts {
  readonly id: string;
  readonly model: Model;
  readonly surfaceOf: SurfaceOf;
}

class HuggingFaceTokenizer implements Tokenizer {
  readonly id: string;
  readonly #model: Model;
  readonly #surfaceOf: SurfaceOf;
  readonly #unknown: number;

  constructor({ id, model, surfaceOf }: Parts) {
    this.id = id;
    this.#model = model;
    this.#surfaceOf = surfaceOf;
    this.#unknown =
      ["[UNK]", "<unk>"].map((name) => model.token_to_id(name)).find((one) => one !== undefined) ?? 0;
  }

  count(text: string): number {
    if (text === "") return 0;
    return Math.max(1, this.#encode(text).ids.length);
  }

  encode(text: string): Uint32Array {
    if (text === "") return new Uint32Array();
    const { ids } = this.#encode(text);
    return Uint32Array.from(ids.length === 0 ? [this.#unknown] : ids);
  }

  ends(text: string): Uint32Array {
    if (text === "") return new Uint32Array();
    const { tokens } = this.#encode(text);
    if (tokens.length === 0) return Uint32Array.of(text.length);
    const { normalizer } = this.#model;
    const normalized = new NormalizedText(text, (piece) => normalizer?.normalize(piece) ?? piece);
    return tokenEnds(normalized, tokens.map(this.#surfaceOf));
  }

  #encode(text: string): { readonly ids: readonly number[]; readonly tokens: readonly string[] } {
    return this.#model.encode(text.toWellFormed(), { add_special_tokens: false });
  }
}

async function readTokenizer(path: string): Promise<Readonly<Record<string, unknown>>> {
  const wayOut = "download `tokenizer.json` from the model's page and pass its path";
  try {
    const content: unknown = JSON.parse(await readFile(path, "utf8"));
    if (isPlainObject(content)) return content;
    throw new ConfigurationError(`${label}: ${path} holds no JSON object; ${wayOut}`);
  } catch (error) {
    if (ConfigurationError.isInstance(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(`${label}: cannot read ${path}: ${why}; ${wayOut}`, { cause: error });
  }
}
