import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readPage, readerPages, repository } from "../pages.ts";
import { docblockParagraphs, pageParagraphs, sentencesIn } from "./sentences.ts";
import { prosePatterns, titlePatterns, type VoicePattern } from "./voice-patterns.ts";

/** One sentence that breaks a rule of the voice. */
export interface VoiceFinding {
  /** Kind of text. */
  readonly kind: "docblocks" | "pages" | "titles";
  /** Folder whose count it belongs to, such as `packages/core`. */
  readonly area: string;
  readonly file: string;
  readonly pattern: string;
  readonly sentence: string;
}

/** Finds every break of the rules in sources, pages and test titles. */
export function findVoice(): readonly VoiceFinding[] {
  const sources = sourceFiles().flatMap((file) => {
    const text = readFileSync(join(repository, file), "utf8");
    return file.endsWith(".test.ts") ? titleFindings(file, text) : docblockFindings(file, text);
  });
  const pages = readerPages().flatMap((file) =>
    findings("pages", file, pageParagraphs(readPage(file)).flatMap(sentencesIn), prosePatterns),
  );
  return [...sources, ...pages];
}

function sourceFiles(): readonly string[] {
  const patterns = ["packages/*/src/**/*.ts", "examples/**/*.ts", "tests/**/*.ts", "bench/src/**/*.ts"];
  return globSync(patterns, {
    cwd: repository,
    exclude: ["**/node_modules/**", "tests/docs/voice/**"],
  }).sort();
}

/** Finds the docblocks of a source that break the rules. */
export function docblockFindings(file: string, source: string): readonly VoiceFinding[] {
  const blocks = source.match(/\/\*\*[\s\S]*?\*\//g) ?? [];
  return findings("docblocks", file, blocks.flatMap(docblockParagraphs).flatMap(sentencesIn), prosePatterns);
}

const title = /^\s*(?:test|it)(?:\.\w+)*\(\s*(["'`])((?:(?!\1)[^\\\n]|\\.)+)\1/gm;

/** Finds the test titles of a source that break the rules. */
export function titleFindings(file: string, source: string): readonly VoiceFinding[] {
  const titles = [...source.matchAll(title)].map(([, , text = ""]) => text);
  return findings("titles", file, titles, titlePatterns);
}

function findings(
  kind: VoiceFinding["kind"],
  file: string,
  sentences: readonly string[],
  patterns: readonly VoicePattern[],
): readonly VoiceFinding[] {
  return sentences.flatMap((sentence) =>
    patterns
      .filter(({ matches }) => matches(sentence))
      .map(({ name }) => ({ kind, area: areaOf(file), file, pattern: name, sentence })),
  );
}

function areaOf(file: string): string {
  const [first = "", second = ""] = file.split("/");
  return first === "packages" || first === "examples" ? `${first}/${second}` : first;
}
