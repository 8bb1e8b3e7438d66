import { expect, test } from "vitest";
import { docxOf, paragraph, table } from "../fixtures/docx-of.ts";
import { parsed } from "../fixtures/parsed.ts";
import { zipOf } from "../fixtures/zip-of.ts";
import { docxParser } from "./docx-parser.ts";

test("reads headings as the outline, and tables as rows under their heading (T33)", async () => {
  const rows = [
    ["Boat length", "Price"],
    ["up to 12 m", "22 EUR"],
  ];
  const body = paragraph("Moorings", "Heading1") + paragraph("Ask the office &amp; wait.") + table(rows);
  const { text, title, outline, mediaType } = await parsed(docxParser, docxOf(body));
  expect({ text, title, mediaType }).toEqual({
    text: "Moorings\n\nAsk the office & wait.\n\nBoat length | Price\nup to 12 m | 22 EUR",
    title: "Moorings",
    mediaType: "text/plain",
  });
  expect(outline?.map(({ kind, path }) => ({ kind, path }))).toEqual([
    { kind: "section", path: ["Moorings"] },
    { kind: "table", path: ["Moorings"] },
  ]);
});

const run = (text: string, properties = ""): string =>
  `<w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;

/** Writes a style that may be based on another style and may hide its text. */
const style = (id: string, basedOn: string, properties: string, attributes = 'w:type="paragraph"'): string =>
  `<w:style ${attributes} w:styleId="${id}"><w:basedOn w:val="${basedOn}"/><w:rPr>${properties}</w:rPr></w:style>`;

test("leaves out text that is formatted as hidden, by itself or by its style", async () => {
  const body =
    `<w:p>${run("The gate opens")}${run(" with 4711", "<w:vanish/>")}${run(" at six.", '<w:vanish w:val="0"/>')}</w:p>` +
    `<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>${run("Ask the office.", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>")}</w:p>` +
    `<w:p>${run("Boats wait.")}${run(" Secret style.", '<w:rStyle w:val="Note"/>')}</w:p>` +
    `<w:p><w:pPr><w:pStyle w:val="Draft"/></w:pPr>${run("A draft of ")}${run("hidden words", "<w:vanish/>")}</w:p>` +
    paragraph("The end.");
  const styles =
    '<w:style w:type="character" w:styleId="Note"><w:rPr><w:vanish/></w:rPr></w:style>' +
    '<w:style w:type="paragraph" w:styleId="Draft"><w:rPr><w:vanish w:val="true"/></w:rPr></w:style>' +
    '<w:style w:type="character" w:styleId="Shown"><w:rPr><w:vanish w:val="false"/></w:rPr></w:style>';
  const { text } = await parsed(docxParser, docxOf(body, styles));
  expect(text).toBe("The gate opens at six.\n\nAsk the office.\n\nBoats wait.\n\nThe end.");
});

test("follows the styles that a hidden style is based on, and ends in a circle of styles", async () => {
  const styles =
    style("Child", "Middle", "") +
    style("Middle", "Hidden", "<w:b/>") +
    style("Hidden", "None", "<w:vanish/>") +
    style("Back", "Hidden", "<w:vanish w:val='off'/>") +
    style("Chicken", "Egg", "") +
    style("Egg", "Chicken", "");
  const body =
    paragraph("By its style.", "Child") +
    `<w:p>${run("Seen.")}${run(" By the run's style.", '<w:rStyle w:val="Middle"/>')}</w:p>` +
    ["Back", "Chicken", "Unknown"].map((id) => paragraph(`${id}.`, id)).join("");
  const { text } = await parsed(docxParser, docxOf(body, styles));
  expect(text).toBe("Seen.\n\nBack.\n\nChicken.\n\nUnknown.");
});

test("keeps the text of a run that shows itself within a hidden style", async () => {
  const shown = '<w:vanish w:val="0"/>';
  const properties = '<w:pPr><w:pStyle w:val="Hidden"/></w:pPr>';
  const body =
    `<w:p>${properties}${run("No")}${run("Own.", shown)}</w:p>` +
    `<w:p>${run("Run's.", `<w:rStyle w:val="Hidden"/>${shown}`)}${run(" Single quotes.", "<w:vanish w:val = '0'/>")}</w:p>` +
    // A hidden style of a run switches the hidden style of its paragraph off.
    `<w:p>${properties}${run("Twice.", "<w:rStyle w:val='Hidden'/>")}</w:p>` +
    `<w:p w:rsidR="a>b"><!-- <w:r> --><w:r><w:rPr><w:vanish/></w:rPr><w:t>No</w:t></w:r>${run("After a comment.")}</w:p>`;
  const { text } = await parsed(docxParser, docxOf(body, style("Hidden", "None", "<w:vanish/>")));
  expect(text).toBe("Own.\n\nRun's. Single quotes.\n\nTwice.\n\nAfter a comment.");
});

test("leaves out text that the document's defaults or the default style hide", async () => {
  const body =
    paragraph("No.") +
    `<w:p>${run("Own.", '<w:vanish w:val="false"/>')}</w:p>` +
    paragraph("Other style.", "Other");
  const defaults = "<w:docDefaults><w:rPrDefault><w:rPr><w:vanish/></w:rPr></w:rPrDefault></w:docDefaults>";
  const byDefaults = await parsed(docxParser, docxOf(body, defaults));
  expect(byDefaults.text).toBe("Own.");
  const normal = style("Normal", "None", "<w:vanish/>", 'w:type="paragraph" w:default="1"');
  const byStyle = await parsed(docxParser, docxOf(body, normal + style("Other", "None", "")));
  expect(byStyle.text).toBe("Own.\n\nOther style.");
});

test("refuses a file that was cut off, and any other archive", async () => {
  const whole = docxOf(paragraph("Text."));
  for (const bytes of [
    whole.subarray(0, 300),
    whole.subarray(0, -8),
    zipOf({ "a.txt": "a" }),
    Buffer.from("PK"),
  ])
    await expect(parsed(docxParser, bytes)).rejects.toMatchObject({ code: "damaged_file", retryable: false });
});

test("refuses a file with a password, and Word's old format", async () => {
  const old = Buffer.from("d0cf11e0a1b11ae1", "hex");
  await expect(parsed(docxParser, old)).rejects.toMatchObject({ code: "encrypted_file" });
});

test("refuses a small file that unpacks to hundreds of megabytes, whatever size it states", async () => {
  const bomb = zipOf({ "word/document.xml": Buffer.alloc(130 * 1024 * 1024, 0x20) }, 1_000);
  expect(bomb.length).toBeLessThan(1_000_000);
  await expect(parsed(docxParser, bomb)).rejects.toMatchObject({ code: "file_too_large" });
});
