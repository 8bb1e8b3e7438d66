import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const CORPUS_CHARACTERS = 1_000_000;
const root = fileURLToPath(new URL("../../", import.meta.url));

/** One megabyte of real Markdown. */
export interface Corpus {
  readonly text: string;
  readonly files: number;
  /** First 12 hex digits of the SHA-256 of the text. */
  readonly hash: string;
}

/**
 * Reads the Markdown files of the root's installed dependencies in order of path, up to a million characters.
 */
export function readCorpus(): Corpus {
  const names = globSync("node_modules/**/*.md", { cwd: root })
    .filter((name) => !name.includes("@binnacle"))
    .toSorted();
  let text = "";
  let files = 0;
  for (const name of names) {
    if (text.length >= CORPUS_CHARACTERS) break;
    text += `${readFileSync(`${root}${name}`, "utf8")}\n\n`;
    files += 1;
  }
  text = text.slice(0, CORPUS_CHARACTERS).toWellFormed();
  return { text, files, hash: createHash("sha256").update(text).digest("hex").slice(0, 12) };
}

/** Returns inputs that make naive tokenizers and splitters quadratic. Each is cut to `length` characters. */
export function hostileInputs(corpus: string): Readonly<Record<string, (length: number) => string>> {
  const oneLine = readFileSync(`${root}node_modules/fast-check/lib/fast-check.js`, "utf8").replaceAll(
    /\s+/g,
    " ",
  );
  const base64 = Buffer.from(corpus.slice(0, 60_000)).toString("base64");
  const ideographs = Array.from({ length: 70_000 }, (_, i) =>
    String.fromCharCode(0x4e00 + ((i * 7919) % 6000)),
  ).join("");
  return {
    "one letter": (length) => "a".repeat(length),
    underscores: (length) => "_".repeat(length),
    "CJK without spaces": (length) => ideographs.slice(0, length),
    base64: (length) => base64.slice(0, length),
    "one-line JavaScript": (length) => oneLine.slice(0, length),
    "combining marks": (length) => `e${"\u0301".repeat(length - 1)}`,
    "joined emoji": (length) =>
      "👩‍👩‍👧"
        .repeat(Math.ceil(length / 8))
        .slice(0, length)
        .toWellFormed(),
    "CRLF only": (length) => "x\r\n".repeat(Math.ceil(length / 3)).slice(0, length),
    "lone surrogates": (length) => "\ud83d ".repeat(length / 2),
  };
}
