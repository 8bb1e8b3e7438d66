import { openSync, writeSync, closeSync } from "node:fs";

/** Value of one metadata key. */
export type GgufValue =
  | { readonly type: "u32" | "i32" | "f32"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "i32[]" | "f32[]"; readonly value: readonly number[] }
  | { readonly type: "string[]"; readonly value: readonly string[] };

/** One tensor as it is stored. */
export interface GgufTensor {
  readonly name: string;
  /** Innermost dimension first. */
  readonly dimensions: readonly number[];
  readonly type: "f32" | "f16";
  readonly data: Uint8Array;
}

// Numbers and layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
const valueTypes = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;
const tensorTypes = { f32: 0, f16: 1 } as const;
const alignment = 32;

/** Writes a GGUF version 3 file. */
export function writeGguf(
  path: string,
  metadata: Readonly<Record<string, GgufValue>>,
  tensors: readonly GgufTensor[],
): void {
  const infos: Buffer[] = [];
  const data: Uint8Array[] = [];
  let offset = 0;
  for (const tensor of tensors) {
    const gap = padding(tensor.data.length);
    infos.push(string(tensor.name), u32(tensor.dimensions.length), ...tensor.dimensions.map(u64));
    infos.push(u32(tensorTypes[tensor.type]), u64(offset));
    data.push(tensor.data, gap);
    offset += tensor.data.length + gap.length;
  }
  const keys = Object.entries(metadata);
  const header = Buffer.concat([
    Buffer.from("GGUF"),
    u32(3),
    u64(tensors.length),
    u64(keys.length),
    ...keys.flatMap(([key, value]) => [string(key), encode(value)]),
    ...infos,
  ]);
  const file = openSync(path, "w");
  try {
    for (const part of [header, padding(header.length), ...data]) writeSync(file, part);
  } finally {
    closeSync(file);
  }
}

function encode(entry: GgufValue): Buffer {
  switch (entry.type) {
    case "u32":
    case "i32":
    case "f32":
      return Buffer.concat([u32(valueTypes[entry.type]), number(entry.type, entry.value)]);
    case "bool":
      return Buffer.concat([u32(valueTypes.bool), Buffer.from([entry.value ? 1 : 0])]);
    case "string":
      return Buffer.concat([u32(valueTypes.string), string(entry.value)]);
    case "i32[]":
      return array(
        valueTypes.i32,
        entry.value.map((value) => number("i32", value)),
      );
    case "f32[]":
      return array(
        valueTypes.f32,
        entry.value.map((value) => number("f32", value)),
      );
    case "string[]":
      return array(valueTypes.string, entry.value.map(string));
    default:
      return entry satisfies never;
  }
}

function array(type: number, items: readonly Buffer[]): Buffer {
  return Buffer.concat([u32(valueTypes.array), u32(type), u64(items.length), ...items]);
}

function number(type: "u32" | "i32" | "f32", value: number): Buffer {
  const bytes = Buffer.alloc(4);
  if (type === "u32") bytes.writeUInt32LE(value);
  if (type === "i32") bytes.writeInt32LE(value);
  if (type === "f32") bytes.writeFloatLE(value);
  return bytes;
}

function u32(value: number): Buffer {
  return number("u32", value);
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function string(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function padding(length: number): Buffer {
  return Buffer.alloc((alignment - (length % alignment)) % alignment);
}
