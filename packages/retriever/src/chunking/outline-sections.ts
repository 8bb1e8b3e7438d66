import type { Document, OutlineNode } from "@binnacle/core";
import type { Section, Unit } from "./section.ts";
import { isPair } from "./tokenizer/utf8.ts";

type Path = readonly string[];

/** Returns true if a range of the document fits in one chunk. */
type Fits = (start: number, end: number) => boolean;

const samePath = (left: Path, right: Path): boolean =>
  left.length === right.length && left.every((name, i) => name === right[i]);

const isWithin = (inner: Path, outer: Path): boolean =>
  inner.length > outer.length && outer.every((name, i) => name === inner[i]);

/**
 * Yields the sections of a document by its outline. A new section begins wherever the path changes. A node
 * with `keepWhole` that `fits` is not divided by the nodes inside it. A section that contains only its own
 * heading joins the deeper section after it.
 */
export function* outlineSections(document: Document, fits: Fits): Generator<Section> {
  let held: Section | undefined;
  for (const section of sectionsByPath(document, fits)) {
    if (held !== undefined && isWithin(section.path, held.path) && isOnlyHeading(document.text, held)) {
      held = { ...section, start: held.start, units: [...held.units, ...section.units] };
      continue;
    }
    if (held !== undefined) yield held;
    held = section;
  }
  if (held !== undefined) yield held;
}

function isOnlyHeading(text: string, { start, end, path }: Section): boolean {
  const name = path.at(-1) ?? "";
  if (end - start > name.length * 2 + 200) return false;
  const content = text.slice(start, end).replace(/\s+/g, " ").trim();
  return content === "" || content === name.replace(/\s+/g, " ").trim();
}

function* sectionsByPath(document: Document, fits: Fits): Generator<Section> {
  const reader = new OutlineReader(document.text);
  for (const node of document.outline ?? []) {
    yield* reader.closeBefore(node.start);
    yield* reader.enter(node, fits);
  }
  yield* reader.closeBefore(Infinity);
  yield* reader.cut(document.text.length);
}

/** Reads the nodes in order and tracks the path at each position. */
class OutlineReader {
  readonly #text: string;
  readonly #open: { readonly end: number; readonly path: Path }[] = [];
  #units: Unit[] = [];
  #path: Path = [];
  #at = 0;
  /** End of the open unit that is kept whole. Nodes inside it do not cut. */
  #sealed = 0;

  constructor(text: string) {
    this.#text = text;
  }

  *enter(node: OutlineNode, fits: Fits): Generator<Section> {
    const start = this.#place(node.start, this.#at);
    const end = this.#place(node.end, start);
    if (node.keepWhole === true) {
      const header = this.#header(node.header, start, end);
      this.#units.push({ start, end, reading: readingOf(node.kind), header });
    }
    if (start < this.#sealed) return;
    if (node.keepWhole === true && fits(start, end)) this.#sealed = end;
    if (samePath(node.path, this.#path)) return;
    yield* this.cut(start);
    this.#path = node.path;
    // A heading's path applies to the text after it, and any other node's path to its own range.
    if (node.kind !== "heading") this.#open.push({ end, path: node.path });
  }

  #header(header: OutlineNode["header"], start: number, end: number): Unit["header"] {
    if (header === undefined) return undefined;
    const from = this.#place(header.start, start);
    return { start: from, end: Math.min(this.#place(header.end, from), end) };
  }

  /** Corrects a source's offset so that it is in order, within the text and outside surrogate pairs. */
  #place(offset: number, lowest: number): number {
    const place = Math.min(Math.max(offset, lowest), this.#text.length);
    return place > lowest && isPair(this.#text, place - 1) ? place - 1 : place;
  }

  /** Closes the nodes that end at or before `position`, and yields their sections. */
  *closeBefore(position: number): Generator<Section> {
    for (let last = this.#open.at(-1); last !== undefined && last.end <= position; last = this.#open.at(-1)) {
      yield* this.cut(last.end);
      this.#open.pop();
      this.#path = this.#open.at(-1)?.path ?? [];
    }
  }

  *cut(end: number): Generator<Section> {
    if (end <= this.#at) return;
    const units = this.#units.filter((unit) => unit.start < end);
    this.#units = this.#units.filter((unit) => unit.start >= end);
    yield {
      start: this.#at,
      end,
      path: this.#path,
      units: units.map((unit) => ({ ...unit, end: Math.min(unit.end, end) })),
    };
    this.#at = end;
  }
}

const codeKinds: ReadonlySet<string> = new Set(["code", "table", "function", "class", "method"]);

function readingOf(kind: string): "prose" | "code" {
  return codeKinds.has(kind) ? "code" : "prose";
}
