import { describe, expect, test } from "vitest";
import { createChunker } from "../../chunking/create-chunker.ts";
import { parsed } from "../fixtures/parsed.ts";
import { column, pdfOf } from "../fixtures/pdf-of.ts";
import { pdfParser } from "./pdf-parser.ts";

const left = [
  "The left column begins here and",
  "goes on with some more words",
  "until it ends with this line.",
];
const right = [
  "The right column comes second,",
  "although the file wrote it first,",
  "and it ends the whole page.",
];

describe("text", () => {
  test("names the page of each passage (T33)", async () => {
    const bytes = pdfOf([
      column(72, 750, ["Alpha."]),
      column(72, 750, ["Beta."]),
      column(72, 750, ["Gamma."]),
    ]);
    const document = { id: "a.pdf", ...(await parsed(pdfParser, bytes)) };
    const chunks = [...(await createChunker()).chunk(document)];
    expect(chunks.map(({ text, path }) => [text, ...path])).toEqual([
      ["Alpha.", "page 1"],
      ["Beta.", "page 2"],
      ["Gamma.", "page 3"],
    ]);
  });

  test("reads columns one after the other, below the heading over both", async () => {
    const heading = { text: "A heading that reaches over both of the columns", x: 72, y: 780, size: 20 };
    const { text } = await parsed(
      pdfParser,
      pdfOf([[...column(310, 740, right), ...column(72, 740, left), heading]]),
    );
    expect(text).toBe([heading.text, left.join("\n"), right.join("\n")].join("\n\n"));
  });

  test("reads lines from top to bottom, although the file has them in another order", async () => {
    const lines = column(72, 750, ["First line,", "second line,", "third line."]);
    const { text } = await parsed(pdfParser, pdfOf([lines.toReversed()]));
    expect(text).toBe("First line,\nsecond line,\nthird line.");
  });

  test("keeps the cells of a row together, with bars between them", async () => {
    const rows = [
      ["Boat length", "Price per night"],
      ["up to 12 m", "22 EUR"],
      ["up to 15 m", "31 EUR"],
    ];
    const placed = [0, 1].flatMap((x) =>
      column(
        72 + 200 * x,
        700,
        rows.map((row) => row[x] ?? ""),
      ),
    );
    const { text } = await parsed(pdfParser, pdfOf([placed]));
    expect(text).toBe(rows.map((row) => row.join(" | ")).join("\n"));
  });

  test("reads a table of long cells by rows, and not column by column", async () => {
    const rows = [
      ["Kind of mooring", "Price and conditions", "Where to ask"],
      ["Guest berth with electricity", "22 EUR per night, water included", "Harbour office"],
      ["Buoy", "8 EUR per night", "Radio, channel 12"],
      ["Winter storage in the hall", "410 EUR from October to April", "Boatyard"],
      ["Dry berth", "Free for members of the sailing club", "Club house, bar"],
    ];
    const placed = [0, 1, 2].flatMap((x) =>
      column(
        40 + 220 * x,
        700,
        rows.map((row) => row[x] ?? ""),
      ),
    );
    const { text } = await parsed(pdfParser, pdfOf([placed]));
    expect(text).toBe(rows.map((row) => row.join(" | ")).join("\n"));
  });

  test("reads two lists beside each other one after the other", async () => {
    const lists = [
      ["- Check the oil of the engine", "- Close the valves", "- Switch the battery off"],
      ["- Ask for the berth by radio", "- Prepare the fenders and all lines", "- Go slowly"],
    ];
    const placed = lists.flatMap((lines, i) => column(72 + 240 * i, 700, lines));
    const { text } = await parsed(pdfParser, pdfOf([placed]));
    expect(text.replaceAll("\n\n", "\n")).toBe(lists.flat().join("\n"));
  });

  test("joins a word that a line break divides, and parts paragraphs by a blank line", async () => {
    const lines = [
      ...column(72, 750, ["The con-", "figuration is read once."]),
      ...column(72, 680, ["Next paragraph."]),
    ];
    const { text } = await parsed(pdfParser, pdfOf([lines]));
    expect(text).toBe("The configuration is read once.\n\nNext paragraph.");
  });

  test("sets off a raised number, so that an exponent and a note stay what they are", async () => {
    const raised = [
      { text: "10", x: 72, y: 700 },
      { text: "6", x: 86, y: 705, size: 7 },
      { text: "It rose by two percent.", x: 72, y: 650 },
      { text: "12", x: 196, y: 655, size: 7 },
    ];
    const { text } = await parsed(pdfParser, pdfOf([raised]));
    expect(text).toBe("10^6\n\nIt rose by two percent. 12");
  });

  test("reads title, author and date, but no title that a program wrote", async () => {
    const info = "/Title (The \\(new\\) harbour) /Author (Ada) /CreationDate (D:20260301093000Z)";
    const { title, metadata } = await parsed(pdfParser, pdfOf([[]], info));
    expect({ title, metadata }).toEqual({
      title: "The (new) harbour",
      metadata: { pages: 1, author: "Ada", date: "2026-03-01" },
    });
    const generated = await parsed(pdfParser, pdfOf([[]], "/Title (Microsoft Word - draft.doc)"));
    expect(generated.title).toBeUndefined();
  });
});

describe("failures", () => {
  test("reports pages without text, which may be scans", async () => {
    const { text, ignored } = await parsed(pdfParser, pdfOf([[], column(72, 700, ["Text."]), []]));
    expect(text).toBe("Text.");
    expect(ignored.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      expect.stringMatching(/^no_text: pages without text: 1, 3\. .*OCR/),
    ]);
  });

  test("refuses an encrypted file, with the way out", async () => {
    const key = "00".repeat(32);
    const trailer = `/ID [<${key}> <${key}>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <${key}> /U <${key}> /P -4 >>`;
    await expect(parsed(pdfParser, pdfOf([column(72, 700, ["Secret."])], "", trailer))).rejects.toMatchObject(
      {
        code: "encrypted_file",
        retryable: false,
        message: expect.stringContaining("without"),
      },
    );
  });

  test("refuses bytes that are no PDF, and never hangs or crashes on a file that was cut off", async () => {
    await expect(parsed(pdfParser, "no PDF at all")).rejects.toMatchObject({ code: "damaged_file" });
    const whole = pdfOf([column(72, 700, ["Some text that will be cut."])]);
    for (const share of [0.2, 0.5, 0.8]) {
      const result = await parsed(pdfParser, whole.subarray(0, whole.length * share)).catch(
        (error: unknown) => error,
      );
      expect(result instanceof Error ? result : "read").toSatisfy(
        (outcome) => outcome === "read" || outcome.code === "damaged_file",
      );
    }
  });

  test("ends with the signal's reason", async () => {
    const bytes = pdfOf([column(72, 700, ["Text."])]);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(pdfParser.parse(bytes, { mediaType: "application/pdf", signal })).rejects.toThrow("enough");
  });
});
