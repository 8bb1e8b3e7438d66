import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PAGES = 1_000;
const PAGES_PER_FOLDER = 50;
/** LangChain's side splits the whole corpus some thirty times, which takes minutes at this size. */
const CHARACTERS = 1_500_000;
const root = fileURLToPath(new URL("../../", import.meta.url));

/** One file of the corpus. */
export interface Page {
  /** Path below the folder of the corpus. */
  readonly path: string;
  readonly text: string;
}

/** A thousand Markdown pages. */
export interface PageCorpus {
  readonly pages: readonly Page[];
  readonly bytes: number;
  readonly seed: number;
  /** First 12 hex digits of the SHA-256 over all pages. */
  readonly hash: string;
}

/**
 * Distributes the sections of the Markdown in the root's dependencies over pages, in an order that only the
 * seed determines.
 */
export function makePages(seed: number): PageCorpus {
  const sections = readSections().map((text) => ({ text, order: digest(`${seed}\n${text}`) }));
  sections.sort((a, b) => (a.order < b.order ? -1 : 1));
  const dealt = Array.from({ length: PAGES }, (_, i) => [`# Page ${i + 1}`]);
  let characters = 0;
  for (const [i, { text }] of sections.entries()) {
    if (characters >= CHARACTERS) break;
    dealt[i % PAGES]?.push(text);
    characters += text.length;
  }
  const pages = dealt.map((parts, i) => ({ path: pathOf(i), text: `${parts.join("\n\n")}\n` }));
  const bytes = pages.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const hash = digest(pages.map(({ path, text }) => `${path}\n${text}`).join("\n")).slice(0, 12);
  return { pages, bytes, seed, hash };
}

/** Writes pages as files below a folder. */
export async function writePages(folder: string, pages: readonly Page[]): Promise<void> {
  for (const path of new Set(pages.map((page) => dirname(page.path))))
    await mkdir(join(folder, path), { recursive: true });
  for (const { path, text } of pages) await writeFile(join(folder, path), text);
}

/** Replaces one sentence in the middle of the page. Returns undefined if the middle has no prose. */
export function editSentence(text: string): string | undefined {
  const sentence = /^[A-Z][\w ,'()-]{30,}\.(?=\s)/gm;
  sentence.lastIndex = text.length >> 1;
  const found = sentence.exec(text);
  if (found === null) return undefined;
  const end = found.index + found[0].length;
  return `${text.slice(0, found.index)}This one sentence says something else now.${text.slice(end)}`;
}

function readSections(): readonly string[] {
  const names = globSync("node_modules/**/*.md", { cwd: root })
    .filter((name) => !name.includes("@binnacle"))
    .toSorted();
  const texts = names.map((name) => readFileSync(`${root}${name}`, "utf8").toWellFormed());
  // A heading of level one or two begins a section. Files that are installed twice count once.
  const sections = texts.flatMap((text) => text.split(/^(?=##? )/m));
  return [...new Set(sections.map((section) => section.trim()))].filter((section) => section.length > 0);
}

function pathOf(index: number): string {
  const folder = String(Math.floor(index / PAGES_PER_FOLDER) + 1).padStart(2, "0");
  return `part-${folder}/page-${String(index + 1).padStart(4, "0")}.md`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
