import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import { readJsonLines } from "./read-json-lines.ts";
import { readLines } from "./read-lines.ts";

async function* inPieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const end of [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

async function read(text: string, cuts: readonly number[] = [], maxLineBytes?: number): Promise<string[]> {
  const lines: string[] = [];
  const bytes = inPieces(new TextEncoder().encode(text), cuts);
  for await (const line of readLines(bytes, { maxLineBytes })) lines.push(line);
  return lines;
}

async function readJson(text: string): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of readJsonLines(inPieces(new TextEncoder().encode(text), []))) values.push(value);
  return values;
}

const cuts = fc.array(fc.nat(), { maxLength: 30 });

test("returns the written lines for any cut of the bytes", async () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n\uFEFF]/g, ""));
  const end = fc.constantFrom("\n", "\r\n");
  await fc.assert(
    fc.asyncProperty(fc.array(line), end, cuts, async (lines, lineEnd, where) => {
      const text = lines.map((one) => one + lineEnd).join("");
      const everyByte = Array.from(new TextEncoder().encode(text), (_, index) => index);
      expect(await read(text, where)).toEqual(lines);
      expect(await read(text, everyByte)).toEqual(lines);
    }),
  );
});

test("returns a last line without an end, and keeps empty lines and lone carriage returns", async () => {
  expect(await read("a\n\nb\rc\r\nd")).toEqual(["a", "", "b\rc", "d"]);
  expect(await read("")).toEqual([]);
});

test("drops a byte order mark only at the start of the stream", async () => {
  expect(await read("\uFEFFa\n\uFEFFb\n", [1, 2])).toEqual(["a", "\uFEFFb"]);
});

test("throws for a line over the limit and returns the lines before it, for any cut of the bytes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom("", "\n", "\r\n"),
      cuts,
      async (size, end, where) => {
        const lines: string[] = [];
        const bytes = inPieces(new TextEncoder().encode(`ok\n${"x".repeat(size)}${end}`), where);
        const readAll = async (): Promise<void> => {
          for await (const line of readLines(bytes, { maxLineBytes: 10 })) lines.push(line);
        };
        const error = await readAll().catch((reason: unknown) => reason);
        expect(lines[0]).toBe("ok");
        expect(InvalidResponseError.isInstance(error)).toBe(size > 10);
      },
    ),
  );
});

test("stops at a 100 MB line without holding more than the limit", async () => {
  let sentBytes = 0;
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (; sentBytes < 100 * 2 ** 20; sentBytes += 2 ** 16) yield new Uint8Array(2 ** 16).fill(97);
    } finally {
      closed = true;
    }
  }
  const reading = readLines(endless(), { maxLineBytes: 2 ** 20 }).next();
  await expect(reading).rejects.toMatchObject({
    code: "invalid_response",
    message: expect.stringContaining("longer than 1048576 bytes. Raise `maxLineBytes`"),
  });
  expect(sentBytes).toBeLessThanOrEqual(2 ** 20 + 2 ** 16);
  expect(closed).toBe(true);
});

test("closes the source when the loop is left", async () => {
  let closed = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new TextEncoder().encode("a\nb");
    } finally {
      closed = true;
    }
  }
  for await (const line of readLines(source())) if (line === "a") break;
  expect(closed).toBe(true);
});

test("parses each line as JSON and skips blank lines", async () => {
  expect(await readJson('{"a":1}\r\n\n  \n"é"\n[]')).toEqual([{ a: 1 }, "é", []]);
});

test("reports the number of a line that is not JSON without quoting it", async () => {
  for (const text of ['1\n{"key":"sk-hush\n2\n', '1\n{"key":"sk-hush']) {
    const error = await readJson(text).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "invalid_response", message: expect.stringContaining("Line 2") });
    expect(String(error)).not.toContain("hush");
  }
});

test("throws for a line that is not UTF-8, in one or more pieces, after the lines before it", async () => {
  const bytes = Uint8Array.of(0x31, 0x0a, 0x22, 0xff, 0x22, 0x0a); // 1, then a string of one invalid byte
  for (const where of [[], [4]]) {
    const values: unknown[] = [];
    const readAll = async (): Promise<void> => {
      for await (const value of readJsonLines(inPieces(bytes, where))) values.push(value);
    };
    await expect(readAll()).rejects.toMatchObject({
      code: "invalid_response",
      message: "A line of the stream is not UTF-8 text (3 bytes).",
    });
    expect(values).toEqual([1]);
  }
});

test("reads a long line in single bytes at linear cost", async () => {
  async function* singleBytes(count: number): AsyncGenerator<Uint8Array> {
    for (let sent = 0; sent < count; sent++) yield new Uint8Array([97]);
  }
  let copied = 0;
  const set = Uint8Array.prototype.set;
  vi.spyOn(Uint8Array.prototype, "set").mockImplementation(function (this: Uint8Array, source, offset) {
    copied += source.length;
    set.call(this, source, offset);
  });
  onTestFinished(() => void vi.restoreAllMocks());
  for await (const line of readLines(singleBytes(10_000))) expect(line).toHaveLength(10_000);
  expect(copied).toBeLessThan(40_000);
});
