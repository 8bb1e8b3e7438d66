import { expect, test } from "vitest";
import { createChunker } from "../../chunking/create-chunker.ts";
import { parsed } from "../fixtures/parsed.ts";
import { csvParser } from "./csv-parser.ts";

test("reads rows with bars between the cells, whatever the delimiter (T33)", async () => {
  for (const delimiter of [",", ";", "\t", "|"]) {
    const source = [`length${delimiter}price`, `up to 12 m${delimiter}22`, `15 m${delimiter}31`].join("\r\n");
    const { text, metadata } = await parsed(csvParser, source);
    expect(text).toBe("length | price\nup to 12 m | 22\n15 m | 31");
    expect(metadata).toEqual({ rows: 2, columns: ["length", "price"] });
  }
});

test("reads quoted cells with delimiters, quotes and line breaks", async () => {
  const { text } = await parsed(
    csvParser,
    'name,note\n"Smith, J.","said ""no""\nand left"\n"open,plain\nlast,row\n',
  );
  expect(text).toBe('name | note\nSmith, J. | said "no" and left\n"open | plain\nlast | row');
});

test("repeats the heading with every chunk, and cuts no row (C2)", async () => {
  const rows = Array.from(
    { length: 60 },
    (_, i) => `berth ${i},${"the price per night in euro ".repeat(2)},${i}`,
  );
  const source = ["berth,note,price", ...rows].join("\n");
  const chunker = await createChunker({ maxTokens: 120 });
  const direct = { id: "a", text: source, mediaType: "text/csv", metadata: {} };
  for (const document of [direct, { id: "a", ...(await parsed(csvParser, source)) }]) {
    const chunks = [...chunker.chunk(document)];
    const heading = document.text.split("\n")[0];
    expect(chunks.length).toBeGreaterThan(5);
    expect(chunks.slice(1).map(({ context }) => context)).toEqual(chunks.slice(1).map(() => heading));
    const lines = document.text.split("\n");
    expect(chunks.flatMap(({ text }) => text.split("\n"))).toEqual(lines);
  }
});

test("reads a row of 500 kB and 50,000 open quotes in reasonable time", async () => {
  const started = performance.now();
  await parsed(csvParser, `a,b\n${"x".repeat(500_000)},1\n`);
  await parsed(csvParser, `a,b\n${',"a'.repeat(50_000)}`);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test("keeps empty cells before a quoted cell of TSV", async () => {
  const { text } = await parsed(csvParser, 'a\tb\tc\n1\t\t"x"\n2\t \t "y" \n\t\t"z"');
  expect(text).toBe("a | b | c\n1 |  | x\n2 |  | y\n |  | z");
});

test("reads a row of 100,000 tabs in linear time", async () => {
  const started = performance.now();
  const { text } = await parsed(csvParser, `a\tb\n1${"\t".repeat(100_000)}2`);
  expect(text.endsWith(" |  | 2")).toBe(true);
  expect(performance.now() - started).toBeLessThan(5_000);
});
