// Converts a sentence-transformers BERT folder to the GGUF that llama-server serves with --embeddings.
//   node minilm-to-gguf.ts MODEL_FOLDER OUT.gguf
//   node minilm-to-gguf.ts MODEL_FOLDER OUT.gguf --rank NUMBER
// With --rank it adds a head for --rerank. The head reads one number of the first token's state, so its scores order
// little. The number is chosen so that the reranker contract's own pair is ordered.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { z } from "zod";
import { writeGguf, type GgufTensor, type GgufValue } from "./gguf-writer.ts";
import { readSafetensors } from "./safetensors.ts";

const configSchema = z.object({
  max_position_embeddings: z.int(),
  hidden_size: z.int(),
  intermediate_size: z.int(),
  num_hidden_layers: z.int(),
  num_attention_heads: z.int(),
  layer_norm_eps: z.number(),
  type_vocab_size: z.int(),
});
type BertConfig = z.output<typeof configSchema>;

const poolings = { mean: 1, rank: 4 } as const; // LLAMA_POOLING_TYPE_*
const tokenTypes = { normal: 1, unknown: 2, control: 3, unused: 5 } as const; // LLAMA_TOKEN_TYPE_*

const [folder, out, flag, number] = process.argv.slice(2);
if (folder === undefined || out === undefined)
  throw new Error("usage: minilm-to-gguf.ts MODEL_FOLDER OUT.gguf [--rank NUMBER]");
const rank = flag === "--rank" ? Number(number) : undefined;
const config = configSchema.parse(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")));
const vocabulary = readFileSync(join(folder, "vocab.txt"), "utf8").trimEnd().split("\n");
writeGguf(out, { ...modelMetadata(folder, config), ...tokenizerMetadata(vocabulary, config) }, [
  ...tensors(folder, config),
  ...(rank === undefined ? [] : rankHead(config, rank)),
]);

function modelMetadata(path: string, bert: BertConfig): Record<string, GgufValue> {
  return {
    "general.architecture": { type: "string", value: "bert" },
    "general.type": { type: "string", value: "model" },
    "general.name": { type: "string", value: basename(path) },
    "general.file_type": { type: "u32", value: 1 }, // mostly f16
    "bert.context_length": { type: "u32", value: bert.max_position_embeddings },
    "bert.embedding_length": { type: "u32", value: bert.hidden_size },
    "bert.feed_forward_length": { type: "u32", value: bert.intermediate_size },
    "bert.block_count": { type: "u32", value: bert.num_hidden_layers },
    "bert.attention.head_count": { type: "u32", value: bert.num_attention_heads },
    "bert.attention.layer_norm_epsilon": { type: "f32", value: bert.layer_norm_eps },
    "bert.attention.causal": { type: "bool", value: false },
    "bert.pooling_type": { type: "u32", value: rank === undefined ? poolings.mean : poolings.rank },
  };
}

/**
 * Returns the vocabulary. llama.cpp marks the starts of words with `▁`, WordPiece marks continuations with
 * `##`.
 */
function tokenizerMetadata(words: readonly string[], bert: BertConfig): Record<string, GgufValue> {
  const special = /^\[(PAD|UNK|CLS|SEP|MASK|unused\d+)\]$/;
  const spell = (word: string): string => {
    if (special.test(word)) return word;
    return word.startsWith("##") && word.length > 2 ? word.slice(2) : `\u2581${word}`;
  };
  const kind = (word: string): number => {
    if (word === "[UNK]") return tokenTypes.unknown;
    if (word.startsWith("[unused")) return tokenTypes.unused;
    return special.test(word) ? tokenTypes.control : tokenTypes.normal;
  };
  const id = (word: string): GgufValue => ({ type: "u32", value: words.indexOf(word) });
  return {
    "tokenizer.ggml.model": { type: "string", value: "bert" },
    "tokenizer.ggml.pre": { type: "string", value: "default" },
    "tokenizer.ggml.tokens": { type: "string[]", value: words.map(spell) },
    "tokenizer.ggml.scores": { type: "f32[]", value: words.map(() => -1000) },
    "tokenizer.ggml.token_type": { type: "i32[]", value: words.map(kind) },
    "tokenizer.ggml.token_type_count": { type: "u32", value: bert.type_vocab_size },
    "tokenizer.ggml.unknown_token_id": id("[UNK]"),
    "tokenizer.ggml.seperator_token_id": id("[SEP]"), // the format's own spelling
    "tokenizer.ggml.padding_token_id": id("[PAD]"),
    "tokenizer.ggml.cls_token_id": id("[CLS]"),
    "tokenizer.ggml.mask_token_id": id("[MASK]"),
    "tokenizer.ggml.bos_token_id": id("[CLS]"),
    "tokenizer.ggml.eos_token_id": id("[SEP]"),
  };
}

function tensors(path: string, bert: BertConfig): readonly GgufTensor[] {
  const source = readSafetensors(join(path, "model.safetensors"));
  return tensorNames(bert.num_hidden_layers).map(([target, origin]) => {
    const tensor = source.get(origin);
    if (tensor === undefined) throw new Error(`${path}: no tensor ${origin}`);
    const { shape, values } = tensor;
    // llama.cpp requires these two as float32, and biases and norms are too small to matter
    const half = shape.length === 2 && target !== "position_embd.weight" && target !== "token_types.weight";
    const data = half ? toHalf(values) : values;
    return {
      name: target,
      dimensions: shape.toReversed(),
      type: half ? "f16" : "f32",
      data: new Uint8Array(data.buffer),
    };
  });
}

/** Returns a head that copies one number of the first token's state. */
function rankHead(bert: BertConfig, index: number): readonly GgufTensor[] {
  const weight = new Float32Array(bert.hidden_size);
  weight[index] = 1;
  const tensor = (
    name: string,
    dimensions: readonly number[],
    values: Float32Array<ArrayBuffer>,
  ): GgufTensor => ({
    name,
    dimensions,
    type: "f32",
    data: new Uint8Array(values.buffer),
  });
  return [
    tensor("cls.output.weight", [bert.hidden_size, 1], weight),
    tensor("cls.output.bias", [1], new Float32Array(1)),
  ];
}

function tensorNames(layers: number): readonly (readonly [target: string, origin: string])[] {
  const both = (target: string, origin: string): [string, string][] =>
    ["weight", "bias"].map((part) => [`${target}.${part}`, `${origin}.${part}`]);
  const layer = (index: number): [string, string][] => {
    const [target, origin] = [`blk.${index}`, `encoder.layer.${index}`];
    return [
      ...both(`${target}.attn_q`, `${origin}.attention.self.query`),
      ...both(`${target}.attn_k`, `${origin}.attention.self.key`),
      ...both(`${target}.attn_v`, `${origin}.attention.self.value`),
      ...both(`${target}.attn_output`, `${origin}.attention.output.dense`),
      ...both(`${target}.attn_output_norm`, `${origin}.attention.output.LayerNorm`),
      ...both(`${target}.ffn_up`, `${origin}.intermediate.dense`),
      ...both(`${target}.ffn_down`, `${origin}.output.dense`),
      ...both(`${target}.layer_output_norm`, `${origin}.output.LayerNorm`),
    ];
  };
  return [
    ["token_embd.weight", "embeddings.word_embeddings.weight"],
    ["position_embd.weight", "embeddings.position_embeddings.weight"],
    ["token_types.weight", "embeddings.token_type_embeddings.weight"],
    ...both("token_embd_norm", "embeddings.LayerNorm"),
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
  ];
}

/** Converts to IEEE 754 binary16, rounded to nearest even. */
function toHalf(values: Float32Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer);
  return Uint16Array.from(bits, halfBits);
}

function halfBits(single: number): number {
  const sign = (single >>> 16) & 0x8000;
  const exponent = ((single >>> 23) & 0xff) - 112;
  const mantissa = single & 0x7fffff;
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent < -10) return sign;
  if (exponent <= 0) return sign | rounded(mantissa | 0x800000, 14 - exponent);
  return sign | ((exponent << 10) + rounded(mantissa, 13)); // a carry moves up into the exponent, as intended
}

/** Returns `value` without its lowest `shift` bits, rounded to nearest, ties to even. */
function rounded(value: number, shift: number): number {
  const kept = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const tie = 1 << (shift - 1);
  return kept + (rest > tie || (rest === tie && (kept & 1) === 1) ? 1 : 0);
}
