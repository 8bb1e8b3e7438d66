import { writeGguf, type GgufTensor, type GgufValue } from "./gguf-writer.ts";

const width = 32;
const layers = 2;
const hidden = 64;
const imageSize = 56;
const patchSize = 14;

/**
 * Writes a vision encoder of 200 kB for `llama-server --mmproj`, with random weights that are the same in every run.
 * The server then reads, encodes and pools images as with a real model, but its vectors mean nothing.
 * `modelWidth` is the width of the language model.
 */
export function writeVisionProjector(path: string, modelWidth: number): void {
  const tensors = tensorsOf(modelWidth);
  writeGguf(path, metadataOf(modelWidth), tensors);
}

function metadataOf(modelWidth: number): Readonly<Record<string, GgufValue>> {
  const sizes = {
    embedding_length: width,
    "attention.head_count": 2,
    feed_forward_length: hidden,
    block_count: layers,
    projection_dim: modelWidth,
    image_size: imageSize,
    patch_size: patchSize,
  };
  const halves = { type: "f32[]", value: [0.5, 0.5, 0.5] } as const;
  return {
    "general.architecture": { type: "string", value: "clip" },
    "general.type": { type: "string", value: "mmproj" },
    "general.name": { type: "string", value: "tiny" },
    "clip.has_vision_encoder": { type: "bool", value: true },
    "clip.projector_type": { type: "string", value: "mlp" },
    "clip.use_gelu": { type: "bool", value: true },
    ...Object.fromEntries(
      Object.entries(sizes).map(([name, value]) => [`clip.vision.${name}`, { type: "u32", value } as const]),
    ),
    "clip.vision.attention.layer_norm_epsilon": { type: "f32", value: 1e-5 },
    "clip.vision.image_mean": halves,
    "clip.vision.image_std": halves,
  };
}

type Fill = "random" | "one" | "zero";

function tensorsOf(modelWidth: number): readonly GgufTensor[] {
  const next = randomNumbers();
  const valueOf = { random: () => next() * 0.1, one: () => 1, zero: () => 0 };
  const tensor = (name: string, dimensions: readonly number[], fill: Fill = "random"): GgufTensor => {
    const count = dimensions.reduce((product, one) => product * one, 1);
    const data = new Uint8Array(Float32Array.from({ length: count }, valueOf[fill]).buffer);
    return { name, dimensions, type: "f32", data };
  };
  const linear = (name: string, from: number, to: number): readonly GgufTensor[] => [
    tensor(`${name}.weight`, [from, to]),
    tensor(`${name}.bias`, [to], "zero"),
  ];
  const norm = (name: string): readonly GgufTensor[] => [
    tensor(`${name}.weight`, [width], "one"),
    tensor(`${name}.bias`, [width], "zero"),
  ];
  const blocks = Array.from({ length: layers }, (_, layer) => `v.blk.${layer}.`).flatMap((block) => [
    ...["attn_q", "attn_k", "attn_v", "attn_out"].flatMap((name) => linear(block + name, width, width)),
    ...["ln1", "ln2"].flatMap((name) => norm(block + name)),
    ...linear(`${block}ffn_up`, width, hidden),
    ...linear(`${block}ffn_down`, hidden, width),
  ]);
  const patches = (imageSize / patchSize) ** 2;
  return [
    tensor("v.patch_embd.weight", [patchSize, patchSize, 3, width]),
    tensor("v.position_embd.weight", [width, patches + 1]),
    tensor("v.class_embd", [width]),
    ...norm("v.pre_ln"),
    ...blocks,
    ...linear("mm.0", width, modelWidth),
    ...linear("mm.2", modelWidth, modelWidth),
  ];
}

/** Returns numbers from -1 to 1 (a linear congruential generator). */
function randomNumbers(): () => number {
  let state = 7;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return (state / 2 ** 32) * 2 - 1;
  };
}
