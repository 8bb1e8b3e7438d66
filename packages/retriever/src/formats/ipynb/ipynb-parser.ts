import { BinnacleError, type DocumentParser, type ParseOptions } from "@binnacle/core";
import { z } from "zod";
import { firstHeading } from "../../chunking/markdown/first-heading.ts";
import { decodeText } from "../../sources/parsing/decode-text.ts";
import { damagedFile } from "../shared/damaged-file.ts";

/** Characters of one output that are kept. Longer outputs are logs or whole tables. */
const longestOutput = 8_000;

const multiline = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(""))]);
const output = z.object({
  output_type: z.string().optional().catch(undefined),
  text: multiline.optional().catch(undefined),
  data: z.record(z.string(), z.unknown()).optional().catch(undefined),
  ename: z.string().optional().catch(undefined),
  evalue: z.string().optional().catch(undefined),
});
const cell = z.object({
  cell_type: z.string(),
  source: multiline.catch(""),
  outputs: z.array(output).optional().catch(undefined),
});
const notebook = z.object({
  cells: z.array(cell),
  metadata: z
    .object({ language_info: z.object({ name: z.string() }).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

type Cell = z.output<typeof cell>;
type Output = z.output<typeof output>;

/**
 * Reads Jupyter notebooks (`.ipynb`) as Markdown: text cells as they are, code cells as code blocks, and the
 * text of their outputs. Images and other outputs without text are left out. An output of more than 8,000
 * characters is cut and reported with code `output_cut`. Rejects with code `damaged_file`.
 */
export const ipynbParser: DocumentParser = {
  id: "ipynb@1",
  mediaTypes: ["application/x-ipynb+json"],
  parse: async (bytes, options) => {
    const { cells, metadata } = await read(bytes, options);
    const { onIgnored } = options;
    const language = metadata?.language_info?.name ?? "";
    const cut = { outputs: 0 };
    const text = cells
      .flatMap((one) => partsOf(one, language, cut))
      .filter((part) => part.trim() !== "")
      .join("\n\n")
      .toWellFormed();
    if (cut.outputs > 0) onIgnored?.(outputCut(cut.outputs));
    return {
      text,
      mediaType: "text/markdown",
      title: firstHeading(text),
      metadata: language === "" ? {} : { language },
    };
  },
};

async function read(bytes: Uint8Array, options: ParseOptions): Promise<z.output<typeof notebook>> {
  try {
    return notebook.parse(JSON.parse(await decodeText(bytes, options)));
  } catch (error) {
    if (error instanceof z.ZodError) throw damagedFile("notebook", "it has no list of `cells` (nbformat 4)");
    throw BinnacleError.isInstance(error) ? error : damagedFile("notebook", error);
  }
}

function partsOf(
  { cell_type, source, outputs = [] }: Cell,
  language: string,
  cut: { outputs: number },
): string[] {
  const text = source.replace(/\r\n?/gu, "\n");
  // An image that is pasted into a cell is a link to a part of the file, or the bytes themselves.
  if (cell_type === "markdown") return [withoutPastedImages(text)];
  if (cell_type === "raw") return [text];
  const shown = outputs.map((one) => textOf(one).trimEnd()).filter((one) => one.trim() !== "");
  const kept = shown.map((one) => {
    if (one.length <= longestOutput) return one;
    cut.outputs += 1;
    return `${one.slice(0, longestOutput)}…`;
  });
  return [fenced(text, language), ...kept.map((one) => fenced(one, "text"))];
}

function textOf({ text, data, ename, evalue = "" }: Output): string {
  if (ename !== undefined) return `${ename}: ${evalue}`;
  const shown = text ?? multiline.safeParse(data?.["text/plain"]).data ?? "";
  // Programs colour their output with escape sequences, and show progress by writing over a line.
  return shown.replace(escapeSequence, "").split("\n").map(lastWritten).join("\n");
}

/** Returns the part of a line that no later part has overwritten. */
function lastWritten(line: string): string {
  let end = line.length;
  while (line.charAt(end - 1) === "\r") end -= 1;
  return line.slice(line.lastIndexOf("\r", end - 1) + 1, end);
}

/** Replaces the pasted images of a Markdown text by their descriptions. */
function withoutPastedImages(text: string): string {
  let kept = "";
  let last = 0;
  // The next bracket is kept, so that many beginnings before one bracket do not search for it again.
  let bracket = 0;
  for (let at = text.indexOf("!["); at !== -1; at = text.indexOf("![", at)) {
    if (bracket < at + 2) bracket = text.indexOf("]", at + 2);
    if (bracket === -1) break;
    pastedLink.lastIndex = bracket;
    const isPasted = pastedLink.test(text);
    const end = isPasted ? text.indexOf(")", bracket) : at + 1;
    if (end === -1) break;
    if (isPasted) {
      kept += text.slice(last, at) + text.slice(at + 2, bracket);
      last = end + 1;
    }
    at = end + 1;
  }
  return kept + text.slice(last);
}

const pastedLink = /\]\((?:attachment|data):/uy;

const escapeSequence = new RegExp(String.raw`\u001b\[[\d;?]*[A-Za-z]`, "gu");

/** Writes a block of code. The fence is longer than any fence in the code. */
function fenced(code: string, language: string): string {
  if (code.trim() === "") return "";
  const longest = Array.from(code.matchAll(/`{3,}/gu)).reduce(
    (most, [{ length }]) => Math.max(most, length),
    2,
  );
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${code.trimEnd()}\n${fence}`;
}

function outputCut(outputs: number): BinnacleError {
  const what = outputs === 1 ? "1 output is" : `${outputs} outputs are`;
  return new BinnacleError(
    "output_cut",
    `${what} longer than ${longestOutput} characters. The rest is left out.`,
  );
}
