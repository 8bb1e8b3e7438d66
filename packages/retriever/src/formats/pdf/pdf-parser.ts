import {
  BinnacleError,
  type DocumentParser,
  type Metadata,
  type OutlineNode,
  type ParsedDocument,
} from "@binnacle/core";
import { getDocumentProxy } from "unpdf";
import { damagedFile } from "../shared/damaged-file.ts";
import { pageText } from "./page-text.ts";
import { textBoxes } from "./text-box.ts";

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

/**
 * Reads PDF files with `unpdf`. Each page is a section whose path is `page 3`, so that a citation names its
 * page. Columns are read one after the other, and tables row by
 * row. Title, author and dates become metadata. A page without text,
 * such as a scan, is reported with code `no_text`. Rejects with code `encrypted_file` or `damaged_file`.
 */
export const pdfParser: DocumentParser = {
  id: "pdf@2",
  mediaTypes: ["application/pdf"],
  async parse(bytes, { signal, onIgnored }) {
    signal?.throwIfAborted();
    const pdf = await open(bytes);
    try {
      const pages: string[] = [];
      for (let number = 1; number <= pdf.numPages; number++) {
        signal?.throwIfAborted();
        pages.push(await readPage(pdf, number));
      }
      const blank = pages.flatMap((text, index) => (text === "" ? [index + 1] : []));
      if (blank.length > 0) onIgnored?.(noText(blank, pages.length));
      return { ...documentOf(pages), ...(await describe(pdf)) };
    } catch (error) {
      signal?.throwIfAborted();
      throw damagedFile("PDF", error);
    } finally {
      await pdf.loadingTask.destroy();
    }
  },
};

async function open(bytes: Uint8Array): Promise<PdfDocument> {
  try {
    // pdf.js takes the bytes over, and they belong to the caller. Level 0 keeps it from writing to the console.
    return await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0, stopAtErrors: false });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "PasswordException") throw damagedFile("PDF", error);
    const message = "the PDF is encrypted and needs a password. Save a copy without one, or exclude it.";
    throw new BinnacleError("encrypted_file", message, { cause: error });
  }
}

async function readPage(pdf: PdfDocument, number: number): Promise<string> {
  const page = await pdf.getPage(number);
  const { transform } = page.getViewport({ scale: 1 });
  const { items } = await page.getTextContent();
  page.cleanup();
  const texts = items.flatMap((item) => ("str" in item ? [item] : []));
  const text = pageText(textBoxes(texts, transform)).replace(ligature, (one) => one.normalize("NFKC"));
  // Fonts without a table of their letters give control codes, which are no text.
  return text.normalize("NFC").replace(controlCode, "").toWellFormed();
}

const ligature = /[\uFB00-\uFB06]/gu;
const controlCode = /[^\P{Cc}\n]/gu;

function documentOf(pages: readonly string[]): Pick<ParsedDocument, "text" | "mediaType" | "outline"> {
  const outline: OutlineNode[] = [];
  let text = "";
  for (const [index, page] of pages.entries()) {
    if (page === "") continue;
    if (text !== "") text += "\n\n";
    const start = text.length;
    text += page;
    outline.push({ start, end: text.length, path: [`page ${index + 1}`], kind: "page" });
  }
  return { text, mediaType: "text/plain", outline };
}

/** Names that programs write as the title. They say nothing about the content. */
const namelessTitle = /^(?:untitled|unbenannt|microsoft (?:word|powerpoint|excel) - |.*\.\w{2,5}$)/iu;

async function describe(pdf: PdfDocument): Promise<Pick<ParsedDocument, "title" | "metadata">> {
  const { info } = await pdf.getMetadata();
  const given = (name: string): string | undefined => {
    const value: unknown = Reflect.get(info, name);
    return typeof value === "string" ? value.trim().toWellFormed() || undefined : undefined;
  };
  const title = given("Title");
  const metadata: Metadata = {
    pages: pdf.numPages,
    author: given("Author"),
    date: dateOf(given("CreationDate")),
  };
  return { title: title === undefined || namelessTitle.test(title) ? undefined : title, metadata };
}

/** Reads a date such as `D:20260301093000+01'00'`. */
function dateOf(written = ""): string | undefined {
  const [, year, month = "01", day = "01"] = /^D:(\d{4})(\d{2})?(\d{2})?/u.exec(written) ?? [];
  if (year === undefined) return undefined;
  const date = `${year}-${month}-${day}`;
  return Number.isNaN(Date.parse(date)) ? undefined : date;
}

function noText(blank: readonly number[], pages: number): BinnacleError {
  const shown = blank.slice(0, 10).join(", ") + (blank.length > 10 ? ", …" : "");
  const which =
    blank.length === pages ? `none of the ${pages} pages has text` : `pages without text: ${shown}`;
  return new BinnacleError(
    "no_text",
    `${which}. They may be scans. Run text recognition (OCR) on the file to make them searchable.`,
  );
}
