import { vectorMemory } from "@binnacle/core/kit";
import { decodeFloats } from "./decode-floats.ts";

const name = '"embedding":';

/**
 * Parses the answer of `POST /v1/embeddings` like `JSON.parse`, but decodes vectors in base64 from the bytes, so
 * that an `embedding` field may hold a `Float32Array`. Vectors are nearly all of the answer, and most of the
 * time goes into making text of them. Throws if the bytes are not JSON in UTF-8.
 */
export function parseVectorJson(bytes: Uint8Array): unknown {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // One character per byte, so that a place in the text is a place in the body.
  const text = body.toString("latin1");
  const vectors: Float32Array[] = [];
  const rest: Uint8Array[] = [];
  const memory = sharedMemory(body.length);
  const mark = unusedMark(text);
  let kept = 0;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, Math.max(kept, at + 1))) {
    let start = at + name.length;
    while (text[start] === " ") start += 1;
    const end = text[start] === '"' ? text.indexOf('"', start + 1) : -1;
    const vector = end === -1 ? undefined : decodeFloats(text.slice(start + 1, end), memory);
    if (vector === undefined) continue; // numbers, or text that only JSON.parse can read
    rest.push(body.subarray(kept, start + 1), Buffer.from(`${mark}${vectors.length}`));
    vectors.push(vector);
    kept = end;
  }
  rest.push(body.subarray(kept));
  const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(rest)));
  for (const item of itemsOf(value)) {
    const embedding: unknown = Reflect.get(item, "embedding");
    const isMarked = typeof embedding === "string" && embedding.startsWith(mark);
    const vector = isMarked ? vectors[Number(embedding.slice(mark.length))] : undefined;
    if (vector !== undefined) Reflect.set(item, "embedding", vector);
  }
  return value;
}

/** Returns a function that creates vectors. Those with the length of the first one share buffers. */
function sharedMemory(bodyBytes: number): (dimensions: number) => Float32Array {
  let width = 0;
  let next: (() => Float32Array) | undefined;
  return (dimensions) => {
    if (next === undefined) {
      width = dimensions;
      // A float32 takes more than five characters of base64.
      next = vectorMemory(dimensions, Math.max(1, Math.floor(bodyBytes / (5 * dimensions))));
    }
    return dimensions === width && dimensions > 0 ? next() : new Float32Array(dimensions);
  };
}

function itemsOf(body: unknown): readonly object[] {
  const data: unknown = typeof body === "object" && body !== null ? Reflect.get(body, "data") : undefined;
  return Array.isArray(data) ? data.filter((item) => typeof item === "object" && item !== null) : [];
}

/** Returns the beginning of the texts that stand for vectors. No text of the answer begins with it. */
function unusedMark(text: string): string {
  let mark = "#";
  while (text.includes(`"${mark}`)) mark += "#";
  return mark;
}
