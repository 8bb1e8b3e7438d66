import { BinnacleError, type DocumentParser } from "@binnacle/core";
import mammoth from "mammoth";
import { parseHtml } from "../../sources/parsing/parse-html.ts";
import { damagedFile } from "../shared/damaged-file.ts";
import { hiddenStyles } from "./hidden-styles.ts";
import { withoutHiddenText } from "./without-hidden-text.ts";
import { unzip, zip } from "./zip-archive.ts";

const mediaType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/** The most bytes that a file may unpack to, pictures included. */
const maxUnpackedBytes = 128 * 1024 * 1024;
/** The first bytes of Word's old format, which also holds encrypted files of the new one. */
const oldFormat = [0xd0, 0xcf, 0x11, 0xe0];

/**
 * Reads Word documents (`.docx`) with `mammoth`: headings, paragraphs, lists, tables and notes, and the
 * descriptions of pictures. Hidden text is left out. Headings and tables form the outline. Rejects with code `encrypted_file`,
 * `file_too_large` or `damaged_file`.
 */
export const docxParser: DocumentParser = {
  id: "docx@2",
  mediaTypes: [mediaType],
  async parse(bytes, { signal }) {
    if (oldFormat.every((byte, index) => bytes[index] === byte)) throw encrypted();
    const html = await htmlOf(bytes);
    signal?.throwIfAborted();
    return await parseHtml(html, signal);
  },
};

async function htmlOf(bytes: Uint8Array): Promise<string> {
  try {
    const buffer = await shownPart(bytes);
    // A picture's bytes are not read. Its description stays as `alt`.
    const convertImage = mammoth.images.imgElement(() => Promise.resolve({ src: "" }));
    const { value } = await mammoth.convertToHtml({ buffer }, { convertImage, styleMap });
    return `<body>${value}</body>`;
  } catch (error) {
    if (BinnacleError.isInstance(error)) throw error;
    throw damagedFile("DOCX", error);
  }
}

/** Returns the file without its hidden text. */
async function shownPart(bytes: Uint8Array): Promise<Buffer> {
  const entries = await unzip(bytes, maxUnpackedBytes);
  const texts = entries.filter(({ name }) => /^word\/.*\.xml$/u.test(name));
  if (!texts.some(({ content }) => bufferOf(content).includes("<w:vanish"))) return bufferOf(bytes);
  const decoder = new TextDecoder();
  const styles = texts.find(({ name }) => name === "word/styles.xml");
  const hidden = hiddenStyles(decoder.decode(styles?.content));
  const shown = entries.map((entry) =>
    texts.includes(entry) && entry !== styles
      ? { ...entry, content: Buffer.from(withoutHiddenText(decoder.decode(entry.content), hidden)) }
      : entry,
  );
  return bufferOf(zip(shown));
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

const styleMap: string[] = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh"];

function encrypted(): BinnacleError {
  const message =
    "the file is encrypted, or in Word's old format. Save it as .docx without a password, or exclude it.";
  return new BinnacleError("encrypted_file", message);
}
