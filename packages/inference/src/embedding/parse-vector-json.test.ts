import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { decodeFloats } from "./decode-floats.ts";
import { parseVectorJson } from "./parse-vector-json.ts";

const base64 = (values: Float32Array): string => Buffer.from(values.buffer).toString("base64");
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const floats = fc
  .array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 40 })
  .map((values) => Float32Array.from(values));

test("returns what JSON.parse returns, with the vectors decoded (T18)", () => {
  const item = fc.record({
    index: fc.nat({ max: 9 }),
    embedding: fc.oneof(
      floats.map(base64),
      floats.map((vector) => [...vector]),
      fc.string(),
      fc.constant(null),
    ),
    note: fc.string({ unit: "grapheme" }),
  });
  const spaces = fc.constantFrom(undefined, 1);
  fc.assert(
    fc.property(fc.record({ data: fc.array(item), model: fc.string() }), spaces, (body, indent) => {
      const text = JSON.stringify(body, null, indent);
      const plain: unknown = JSON.parse(text, (key, value: unknown) =>
        key === "embedding" && typeof value === "string" ? (decodeFloats(value) ?? value) : value,
      );
      expect(parseVectorJson(bytesOf(text))).toEqual(plain);
    }),
    { numRuns: 200 * inject("propertyShare") },
  );
});

test.each([
  ["compact", ":"],
  ["with a space", ": "],
])("decodes the base64 of a %s answer, for vectors of different lengths", (_name, colon) => {
  const [small, large] = [Float32Array.of(1, 2), new Float32Array(3_000).fill(0.5)];
  const items = [small, large].map((one) => `{"object":"é","embedding"${colon}"${base64(one)}"}`);
  const read = parseVectorJson(bytesOf(`{"data":[${items.join()}]}`));
  expect(read).toEqual({
    data: [
      { object: "é", embedding: small },
      { object: "é", embedding: large },
    ],
  });
});

test("lets a kept vector keep at most 64 KiB in memory, and one of a small answer no more than itself", () => {
  const read = (vectors: readonly Float32Array[]): readonly Float32Array[] => {
    const items = vectors.map((one) => `{"embedding":"${base64(one)}"}`);
    const body = Object(parseVectorJson(bytesOf(`{"data":[${items.join()}]}`)));
    return body.data.map(({ embedding }: { readonly embedding: Float32Array }) => embedding);
  };
  const given = Array.from({ length: 300 }, (_, i) => new Float32Array(100).fill(i));
  const many = read(given);
  expect(many).toEqual(given);
  expect(Math.max(...many.map(({ buffer }) => buffer.byteLength))).toBeLessThanOrEqual(64 * 1024);
  expect(read([new Float32Array(1024)])[0]?.buffer.byteLength).toBe(4096);
});

test("keeps text of the same form in other fields, also with quotes inside", () => {
  const odd = `{"data":[{"a\\"embedding":"AACAPw==","embedding":"AAAAQA==","x":{"embedding":"AACAPw=="}}]}`;
  expect(parseVectorJson(bytesOf(odd))).toMatchObject({ data: [{ embedding: Float32Array.of(2) }] });
  const slashes = `{"data":[{"embedding":"\\/\\/\\/\\/"},{"embedding":"#0"}]}`;
  expect(parseVectorJson(bytesOf(slashes))).toEqual(JSON.parse(slashes));
});

test("keeps texts that look like the mark of a vector", () => {
  for (const odd of ["#", "#0", "##1"]) {
    const body = `{"data":[{"embedding":"${odd}"},{"embedding":"AACAPw=="}]}`;
    const data = [{ embedding: odd }, { embedding: Float32Array.of(1) }];
    expect(parseVectorJson(bytesOf(body))).toEqual({ data });
  }
});

test.each(["", "no JSON", '{"data":[{"embedding":"AACAPw=="}', '{"data":[{"embedding":"AACAPw=='])(
  "throws for %j",
  (text) => expect(() => parseVectorJson(bytesOf(text))).toThrow(SyntaxError),
);

test("throws for bytes that are not UTF-8", () => {
  expect(() => parseVectorJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(TypeError);
});
