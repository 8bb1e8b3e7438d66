import {
  endsButton,
  endsHeading,
  headingElements,
  lineElements,
  paragraphElements,
  tableParts,
} from "./html-elements.ts";
import type { ReadBlock, ReadHeading } from "./html-outline.ts";
import { isUnseen, type Attributes, type HtmlRegion } from "./is-unseen.ts";
import { HtmlTables } from "./html-tables.ts";
import { ReadableText, type Mark } from "./readable-text.ts";

interface OpenPre {
  readonly mark: Mark;
  readonly parts: string[];
  /** Number of nested `pre` elements that are open. */
  depth: number;
  /** True if a `code` element has just ended. */
  isListed: boolean;
}

/** An open button. If it is closed properly, it is a control, such as "Copy", and its label is dropped. */
interface OpenButton {
  readonly label: string[];
  /** Number of nested `button` elements that are open. */
  depth: number;
}

interface OpenHeading {
  readonly mark: Mark;
  readonly level: number;
}

/** A longer heading was not closed, or is a paragraph that looks like a heading. */
const longestHeading = 300;

/**
 * Receives the events of an HTML parser and keeps the text that a reader of the page would see. It keeps no
 * tree and does not recurse, so deep pages take no more time or memory.
 */
export class HtmlReader {
  readonly text: ReadableText = new ReadableText();
  readonly headings: ReadHeading[] = [];
  readonly blocks: ReadBlock[] = [];
  title = "";
  canonicalUrl: string | undefined;
  readonly #region: HtmlRegion;
  /** The open elements, with the answer to whether the region or the page's content begins there. */
  readonly #open: { readonly isRegion: boolean; readonly isContent: boolean }[] = [];
  readonly #lists: { item: number | undefined }[] = [];
  readonly #tables: HtmlTables = new HtmlTables(this.text);
  #skipped = 0;
  #regions: number;
  #contents = 0;
  #links = 0;
  #summaries = 0;
  #button: OpenButton | undefined;
  #heading: OpenHeading | undefined;
  #pre: OpenPre | undefined;
  #isTitle = false;
  /** The text of the open `sup` element. */
  #raised: string | undefined;
  /**
   * Number of `title` elements. Only the first is the page's title, and later ones name a part, such as a
   * formula.
   */
  #titles = 0;

  constructor(region: HtmlRegion) {
    this.#region = region;
    this.#regions = region === "main" || region === "article" ? 0 : 1;
  }

  onopentag(name: string, attributes: Attributes): void {
    if (this.#skipped > 0 || isUnseen(name, attributes, this.#region, this.#contents > 0)) {
      this.#skipped += 1;
      return;
    }
    const isMain = name === "main" || attributes["role"] === "main";
    const isRegion = this.#region === "main" ? isMain : this.#region === "article" && name === "article";
    const isContent = isMain || name === "article" || name === "section";
    this.#open.push({ isRegion, isContent });
    if (isRegion) this.#regions += 1;
    if (isContent) this.#contents += 1;
    if (name === "title") this.#beginTitle();
    if (name === "link") this.#link(attributes);
    if (this.#regions > 0) this.#opened(name, attributes);
  }

  onclosetag(name: string, isImplied: boolean): void {
    if (this.#skipped > 0) {
      this.#skipped -= 1;
      return;
    }
    if (this.#regions > 0) this.#closed(name, isImplied);
    const closed = this.#open.pop();
    if (closed?.isRegion === true) this.#regions -= 1;
    if (closed?.isContent === true) this.#contents -= 1;
    if (name === "title") this.#isTitle = false;
  }

  ontext(text: string): void {
    if (this.#skipped > 0) return;
    if (this.#isTitle) this.title += this.#titles === 1 ? text : "";
    else if (this.#regions === 0) return;
    else if (this.#button !== undefined) this.#button.label.push(text);
    else if (this.#pre !== undefined) this.#verbatim(this.#pre, text);
    else if (this.#raised !== undefined) this.#raised += text;
    else if (this.#heading === undefined || this.#links === 0 || !/^\s*[¶#§🔗]\s*$/u.test(text))
      this.text.write(text);
  }

  #verbatim(pre: OpenPre, text: string): void {
    pre.parts.push(text);
    pre.isListed = false;
  }

  #beginTitle(): void {
    this.#isTitle = true;
    this.#titles += 1;
  }

  #link(attributes: Attributes): void {
    const { rel, href } = attributes;
    if (rel?.toLowerCase() === "canonical" && href !== undefined && /^https?:\/\//i.test(href)) {
      this.canonicalUrl ??= href.trim();
    }
  }

  #opened(name: string, attributes: Attributes): void {
    if (this.#isInButton(name)) return;
    if (this.#pre !== undefined) {
      if (name === "pre") this.#pre.depth += 1;
      // Two listings in one block, such as the same code in two languages, need a line break between them.
      const isNextListing = name === "code" && this.#pre.isListed;
      if (name === "br" || isNextListing) this.#pre.parts.push("\n");
      else if (beginsLine(name)) endLine(this.#pre);
      this.#pre.isListed = false;
      return;
    }
    if (this.#raised !== undefined && endsButton.has(name)) this.#endRaised();
    if (endsHeading.has(name) && this.#heading !== undefined) this.#endHeading();
    if (headingElements.has(name)) this.#beginHeading(Number(name.charAt(1)));
    else if (name === "pre") this.#pre = { mark: { start: -1 }, parts: [], depth: 1, isListed: false };
    else if (name === "br") this.#breakLine();
    else if (name === "img") this.#image(attributes["alt"]);
    else if (name === "a") this.#links += 1;
    else if (name === "table") this.#tables.begin();
    else if (name === "tr") this.#tables.beginRow();
    else if (name === "td" || name === "th") this.#tables.beginCell(name, attributes);
    else if (name === "sup") this.#raised = "";
    else this.#beginBlock(name, attributes);
  }

  #closed(name: string, isImplied: boolean): void {
    if (this.#button !== undefined) {
      if (name === "button") this.#button.depth -= 1;
      if (lineElements.has(name)) this.#button.label.push(" ");
      // A button that was never closed contains the text after it, which must be kept.
      if (this.#button.depth === 0) this.#endButton(this.#button, isImplied);
      return;
    }
    if (this.#pre !== undefined) {
      if (name === "pre") this.#pre.depth -= 1;
      else if (beginsLine(name)) endLine(this.#pre);
      this.#pre.isListed = name === "code";
      if (this.#pre.depth === 0) this.#endPre(this.#pre.mark, this.#pre.parts.join(""));
      return;
    }
    if (name === "sup") this.#endRaised();
    else if (headingElements.has(name)) this.#endHeading();
    else if (name === "a") this.#links = Math.max(0, this.#links - 1);
    else if (name === "table") this.blocks.push(...this.#tables.end());
    else if (name === "td" || name === "th") this.#tables.endCell();
    else if (name === "tr") this.#tables.endRow();
    else this.#endBlock(name);
  }

  /** Returns true if the opening element is a button or part of its label. */
  #isInButton(name: string): boolean {
    if (this.#button === undefined) {
      // A heading or summary that opens the section below it may consist of a button, whose words must be
      // kept.
      if (name !== "button" || this.#heading !== undefined || this.#summaries > 0) return false;
      this.#button = { label: [], depth: 1 };
      return true;
    }
    if (endsButton.has(name)) {
      this.#endButton(this.#button, true);
      return false;
    }
    if (name === "button") this.#button.depth += 1;
    if (lineElements.has(name)) this.#button.label.push(" ");
    return true;
  }

  #endButton({ label }: OpenButton, isRead: boolean): void {
    this.#button = undefined;
    if (isRead) this.ontext(label.join(""));
  }

  #beginBlock(name: string, attributes: Attributes): void {
    if (name === "summary") this.#summaries += 1;
    if (tableParts.has(name)) this.#tables.setInHead(name === "thead");
    const isList = name === "ul" || name === "ol";
    if (isList) {
      const start = Number.parseInt(attributes["start"] ?? "1", 10);
      this.#lists.push({ item: name === "ol" ? (Number.isNaN(start) ? 1 : start) : undefined });
    }
    // A nested list begins on the next line, without a blank line.
    this.#breakFor(isList && this.#lists.length > 1 ? "li" : name);
    if (name === "li" && !this.#tables.isInCell) this.text.prefix(this.#itemSign());
  }

  #endBlock(name: string): void {
    if (name === "summary") this.#summaries = Math.max(0, this.#summaries - 1);
    if (tableParts.has(name)) this.#tables.setInHead(false);
    if (name === "li") this.text.prefix("");
    if (name === "ul" || name === "ol") this.#lists.pop();
    this.#breakFor((name === "ul" || name === "ol") && this.#lists.length > 0 ? "li" : name);
  }

  #breakFor(name: string): void {
    const isParagraph = paragraphElements.has(name);
    if (!isParagraph && !lineElements.has(name)) return;
    if (this.#tables.isInCell) this.text.space();
    // The paragraphs of a list stay together like its items.
    else this.text.break(isParagraph && !(name === "p" && this.#lists.length > 0) ? 2 : 1);
  }

  #breakLine(): void {
    if (this.#tables.isInCell) this.text.space();
    else this.text.breakLine();
  }

  #itemSign(): string {
    const list = this.#lists.at(-1);
    const indent = "  ".repeat(Math.min(8, Math.max(0, this.#lists.length - 1)));
    if (list?.item === undefined) return `${indent}- `;
    return `${indent}${list.item++}. `;
  }

  #image(alt: string | undefined): void {
    if (alt === undefined || alt.trim() === "") return;
    this.text.space();
    this.text.write(alt);
    this.text.space();
  }

  #endRaised(): void {
    this.text.writeRaised(this.#raised ?? "");
    this.#raised = undefined;
  }

  #beginHeading(level: number): void {
    if (this.#heading !== undefined) return;
    this.#tables.layOut();
    this.#heading = { mark: { start: -1 }, level };
    this.text.prefix("");
    this.text.break(2);
    this.text.mark(this.#heading.mark);
    this.text.listen();
  }

  #endHeading(): void {
    if (this.#heading === undefined) return;
    const { mark, level } = this.#heading;
    const title = this.text.heard();
    this.#heading = undefined;
    this.text.break(2);
    if (mark.start >= 0 && title !== "" && title.length <= longestHeading) {
      this.headings.push({ start: mark.start, level, title });
    }
  }

  #endPre(mark: Mark, content: string): void {
    this.#pre = undefined;
    const code = content.replace(/\r\n?/g, "\n").replace(/^\n/, "").trimEnd();
    if (code.trim() === "") return;
    this.text.break(2);
    this.text.mark(mark);
    this.text.writeVerbatim(code);
    this.blocks.push({ start: mark.start, end: this.text.length, kind: "code" });
    this.text.break(2);
  }
}

/** Returns true for an element that begins on a line of its own, also within code. */
function beginsLine(name: string): boolean {
  return name === "tr" || lineElements.has(name) || paragraphElements.has(name);
}

function endLine({ parts }: OpenPre): void {
  const last = parts.at(-1);
  if (last !== undefined && !last.endsWith("\n")) parts.push("\n");
}
