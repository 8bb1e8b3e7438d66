import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import type { ServerSentItem } from "./event-stream-decoder.ts";
import { readServerSentEvents } from "./server-sent-events.ts";

async function* inPieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const end of [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

async function read(text: string | Uint8Array, cuts: readonly number[] = [], maxEventLength = 10_000) {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const items: ServerSentItem[] = [];
  for await (const item of readServerSentEvents(inPieces(bytes, cuts), { maxEventLength })) items.push(item);
  return items;
}

const event = (data: string, name = "message", id = "") => ({ type: "event", event: name, data, id });
const unfinished = { type: "unfinished" };

// Everything that has a meaning, in any order, so that the wildest streams come up.
const token = fc.oneof(
  fc.constantFrom("data", "event", "id", "retry", ":", ": ", " ", "\n", "\r", "\r\n", "\n\n", "\0", "\uFEFF"),
  fc.constantFrom("é", "文", "👩‍🚀", "a"),
  fc.string({ unit: "grapheme", maxLength: 4 }),
);
const stream = fc.array(token, { maxLength: 80 }).map((tokens) => tokens.join(""));
const cuts = fc.array(fc.nat(), { maxLength: 30 });

test("yields the same items for any cut of the bytes, even inside a character (T47)", async () => {
  const byteStream = fc.oneof(
    stream.map((text) => new TextEncoder().encode(text)),
    fc.uint8Array({ maxLength: 200 }),
  );
  await fc.assert(
    fc.asyncProperty(byteStream, cuts, async (bytes, where) => {
      const everyByte = Array.from(bytes, (_, index) => index);
      const whole = await read(bytes);
      expect(await read(bytes, where)).toEqual(whole);
      expect(await read(bytes, everyByte)).toEqual(whole);
    }),
    { numRuns: 300 * inject("propertyShare") },
  );
});

test("returns the written events for each of the three line ends", async () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n]/g, ""));
  const events = fc.array(fc.record({ name: line, lines: fc.array(line, { minLength: 1, maxLength: 3 }) }), {
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(events, fc.constantFrom("\n", "\r", "\r\n"), cuts, async (written, end, where) => {
      const text = written
        .map(({ name, lines }) =>
          [`event: ${name}`, ...lines.map((data) => `data: ${data}`), "", ""].join(end),
        )
        .join("");
      const expected = written.map(({ name, lines }) =>
        event(lines.join("\n"), name === "" ? "message" : name),
      );
      expect(await read(text, where)).toEqual(expected);
    }),
  );
});

test("reads the standard's own examples", async () => {
  expect(await read("data: YHOO\ndata: +2\ndata: 10\n\n")).toEqual([event("YHOO\n+2\n10")]);
  expect(
    await read(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third\n\n"),
  ).toEqual([
    { type: "comment", text: " test stream" },
    event("first event", "message", "1"),
    event("second event"),
    event(" third"),
  ]);
  expect(await read("data\n\ndata\ndata\n\ndata:")).toEqual([event(""), event("\n"), unfinished]);
  expect(await read("data:test\n\ndata: test\n\n")).toEqual([event("test"), event("test")]);
});

test("keeps an id for later events, ignores an id with NUL, and drops an event without data", async () => {
  expect(await read("id: 7\ndata: a\n\nid: b\0d\ndata: b\n\nevent: ping\n\ndata: c\n\n")).toEqual([
    event("a", "message", "7"),
    event("b", "message", "7"),
    event("c", "message", "7"),
  ]);
});

test("drops a byte order mark only at the start", async () => {
  expect(await read("\uFEFFdata: \uFEFFa\n\n")).toEqual([event("\uFEFFa")]);
});

test("yields an event at its last carriage return, without waiting for the next byte", async () => {
  const items = readServerSentEvents(inPieces(new TextEncoder().encode("data: a\r\rdata: b\r\r"), [9]));
  expect((await items.next()).value).toEqual(event("a"));
  await items.return();
});

test("yields `unfinished` instead of an incomplete event, for any end of the stream", async () => {
  const text = ': ping\n\ndata: {"a":1}\n\nevent: done\ndata: é\n\n';
  const bytes = new TextEncoder().encode(text);
  const whole = await read(text);
  const complete = [0, 7, 8, 23, bytes.length]; // nowhere else is neither a line nor an event open
  for (let length = 0; length <= bytes.length; length++) {
    const items = await read(bytes.subarray(0, length));
    const isCut = items.at(-1)?.type === "unfinished";
    const given = isCut ? items.slice(0, -1) : items;
    expect(given).toEqual(whole.slice(0, given.length));
    if (isCut) expect(given.length).toBeLessThan(whole.length);
    expect(isCut, `cut after ${length} bytes`).toBe(!complete.includes(length));
  }
  expect(whole.at(-1)).toEqual(event("é", "done"));
});

test("throws for an event over the limit and yields the events before it, for any cut of the bytes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), cuts, async (size, where) => {
      const items: ServerSentItem[] = [];
      const bytes = new TextEncoder().encode(`data: ok\n\ndata: ${"x".repeat(size)}\n: note\n\n`);
      const readAll = async () => {
        for await (const item of readServerSentEvents(inPieces(bytes, where), { maxEventLength: 20 }))
          items.push(item);
      };
      const outcome = await readAll().catch((error: unknown) => error);
      expect(items[0]).toEqual(event("ok"));
      expect(InvalidResponseError.isInstance(outcome)).toBe("data: ".length + size + ": note".length > 20);
    }),
  );
});

test("closes the source when the loop is left", async () => {
  let closed = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new TextEncoder().encode("data: a\n\n");
    } finally {
      closed = true;
    }
  }
  for await (const item of readServerSentEvents(source())) if (item.type === "event") break;
  expect(closed).toBe(true);
});
