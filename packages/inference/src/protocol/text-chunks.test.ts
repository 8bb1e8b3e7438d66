import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { TextChunks } from "./text-chunks.ts";

const parsed = (data: string): unknown => {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
};
const contentOf = (data: string): unknown => {
  const found: unknown = Reflect.get(Object(parsed(data)), "choices")?.[0]?.delta?.content;
  return found;
};
const chunk = (text: string, id = "c1", more = ""): string =>
  `{"choices":[{"index":0,"delta":{"content":${JSON.stringify(text)}${more}},"finish_reason":null}],"id":"${id}"}`;

/** Learns from the first chunk and reads the second. */
const second = (first: string, next: string): string | undefined => {
  const chunks = new TextChunks();
  chunks.learn(first, parsed(first));
  return chunks.textOf(next);
};

test("reads a chunk that differs only in its text, however the text is escaped", () => {
  expect(second(chunk(" the"), chunk(' "ship" 🙂\n'))).toBe(' "ship" 🙂\n');
  expect(second(chunk("é"), chunk("x").replace('"x"', String.raw`"\u00e9\/"`))).toBe("é/");
  expect(second(chunk(" the"), chunk(""))).toBe("");
});

test.each([
  ["another id", chunk("a"), chunk("b", "c2")],
  ["a further field", chunk("a"), chunk("b", "c1", ',"tool_calls":[]')],
  ["a chunk that is cut", chunk("a"), chunk("b").slice(0, -1)],
  ["text that is no JSON string", chunk("a"), chunk("b").replace('"b"', "b")],
  ["null for the text", chunk("a"), chunk("b").replace('"b"', "null")],
  ["a name inside another object", chunk("a", "c1", ',"x":{"content":"a"}'), chunk("b")],
])("leaves %s to the parser", (_name, first, next) => {
  expect(second(first, next)).toBeUndefined();
});

test("does not take the text of another object with the same field", () => {
  const both = (text: string): string => `{"more":{"content":"a"},${chunk(text).slice(1)}`;
  expect([second(both("a"), both("b")), second(both("a"), both("a"))]).toEqual([undefined, undefined]);
});

test("learns rarely if the chunks differ in other fields too, and again once they do not", () => {
  const chunks = new TextChunks();
  const read = (data: string): boolean => {
    const text = chunks.textOf(data);
    if (text === undefined) chunks.learn(data, parsed(data));
    return text !== undefined;
  };
  for (let index = 0; index < 100; index++) read(chunk("a", `id ${index}`));
  const found = Array.from({ length: 200 }, () => read(chunk("b", "same")));
  expect(found.indexOf(true)).toBeGreaterThan(0);
  expect(found.slice(found.indexOf(true))).not.toContain(false);
});

test("never returns another text than the parser (T47)", () => {
  const piece = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 6 }),
    fc.constantFrom(
      '"',
      "\\",
      '","content":"',
      '"}}',
      '{"choices":[{"delta":{"content":"x"}}]}',
      "\u0000text\u0000",
    ),
  );
  const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(""));
  const data = fc.oneof(
    fc
      .tuple(text, fc.constantFrom("c1", "c2"), fc.constantFrom("", ',"content":"last"'))
      .map((all) => chunk(...all)),
    fc.tuple(text, text).map(([one, two]) => chunk("a").replace('"a"', `"${one}" , "${two}"`)),
  );
  fc.assert(
    fc.property(fc.array(data, { maxLength: 6 }), (stream) => {
      const chunks = new TextChunks();
      for (const one of stream) {
        const found = chunks.textOf(one);
        if (found === undefined) chunks.learn(one, parsed(one));
        else expect(found).toBe(contentOf(one));
      }
    }),
    { numRuns: 300 * inject("propertyShare") },
  );
});
