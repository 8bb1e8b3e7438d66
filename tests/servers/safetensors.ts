import { readFileSync } from "node:fs";
import { z } from "zod";

/** One tensor, widened to float32. */
export interface Tensor {
  /** Outermost dimension first. */
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

const headerSchema = z.record(
  z.string(),
  z.looseObject({
    dtype: z.string().optional(),
    shape: z.array(z.int()).optional(),
    data_offsets: z.tuple([z.int(), z.int()]).optional(),
  }),
);

/**
 * Reads the float32 tensors of a safetensors file: header length, JSON header, raw values
 * (https://github.com/huggingface/safetensors#format). Tensors of other types are left out.
 */
export function readSafetensors(path: string): ReadonlyMap<string, Tensor> {
  const file = readFileSync(path);
  const dataStart = 8 + Number(file.readBigUInt64LE(0));
  const header = headerSchema.parse(JSON.parse(file.toString("utf8", 8, dataStart)));
  const tensors = new Map<string, Tensor>();
  for (const [name, { dtype, shape, data_offsets: range }] of Object.entries(header)) {
    if (dtype !== "F32" || shape === undefined || range === undefined) continue; // also "__metadata__"
    const bytes = new Uint8Array(file.subarray(dataStart + range[0], dataStart + range[1])); // a copy, so aligned
    tensors.set(name, { shape, values: new Float32Array(bytes.buffer) });
  }
  return tensors;
}
