// The part of Markdown that models and documents write: paragraphs, headings, lists, tables, quotes, fenced
// code, bold, italics and inline code. All other text, such as links and HTML, is shown as it is.

const fence = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const heading = /^ {0,3}#{1,6} +(.+)$/;
const quote = /^ {0,3}>[ ]?/;
const tableRule = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const item = /^([ \t]*)((?:[-*+]|(\d{1,9})[.)])[ \t]+)(.*)$/;
const inline =
  /(`+)(?!`)(.+?)(?<!`)\1(?!`)|\*\*(?=\S)(.*?\S)\*\*|(?<![\w*])\*(?=[^\s*])([^*]*[^\s*])\*(?![\w*])|\[(\d+)\]/gs;
const deepest = 6;

/**
 * Splits a text into plain blocks: `{ tag, text }`, and for lists `{ tag, start, items }` with the blocks of
 * each item.
 */
export function blocksOf(text) {
  return readBlocks(text.replaceAll("\r\n", "\n").split("\n"), 0);
}

/**
 * Builds the node of a block with `make`: `element(tag, children, attributes)`, `text(string)` and
 * `citation(number)`, which returns undefined if the number names no source.
 */
export function nodeOf(block, make) {
  if (block.tag === "pre") return make.element("pre", [make.element("code", [make.text(block.text)])]);
  if (block.rows !== undefined) return tableNode(block.rows, make);
  if (block.blocks !== undefined)
    return make.element(
      block.tag,
      block.blocks.map((inner) => nodeOf(inner, make)),
    );
  if (block.items === undefined) return make.element(block.tag, inlineNodes(block.text, make));
  const items = block.items.map((blocks) =>
    make.element(
      "li",
      blocks.map((inner) => nodeOf(inner, make)),
    ),
  );
  return make.element(block.tag, items, block.start === 1 ? {} : { start: block.start });
}

function readBlocks(lines, depth) {
  const blocks = [];
  for (let at = 0; at < lines.length;) {
    if (isBlank(lines[at])) at += 1;
    else {
      const read =
        readCode(lines, at) ??
        readHeading(lines, at) ??
        readList(lines, at, depth) ??
        readQuote(lines, at, depth) ??
        readTable(lines, at);
      const { block, next } = read ?? readParagraph(lines, at);
      blocks.push(block);
      at = next;
    }
  }
  return blocks;
}

/** Reads code up to its closing fence, or to the end of the text if the fence has not arrived. */
function readCode(lines, at) {
  const mark = fence.exec(lines[at])?.[1];
  if (mark === undefined) return undefined;
  let end = at + 1;
  while (end < lines.length && afterFence(lines[end], mark) === undefined) end += 1;
  const block = { tag: "pre", text: lines.slice(at + 1, end).join("\n") };
  const rest = end < lines.length ? afterFence(lines[end], mark) : "";
  if (rest === "") return { block, next: end + 1 };
  lines[end] = rest;
  return { block, next: end };
}

/**
 * Returns the text after a closing fence: empty, or citations. Undefined if the line does not close the code.
 */
function afterFence(line, mark) {
  const bare = line.trim();
  if (!bare.startsWith(mark)) return undefined;
  const rest = bare.replace(mark[0] === "`" ? /^`+/ : /^~+/, "").trim();
  return /^(\[\d+\]\s*)*$/.test(rest) ? rest : undefined;
}

function readHeading(lines, at) {
  const text = heading.exec(lines[at])?.[1];
  return text === undefined ? undefined : { block: { tag: "h3", text }, next: at + 1 };
}

function readList(lines, at, depth) {
  const first = item.exec(lines[at]);
  if (first === null || depth === deepest) return undefined;
  const isOrdered = first[3] !== undefined;
  const indent = first[1].length;
  const items = [];
  let next = at;
  for (;;) {
    const start = firstFilled(lines, next);
    const found = start === undefined ? null : item.exec(lines[start]);
    if (found === null || found[1].length > indent || (found[3] !== undefined) !== isOrdered) break;
    const end = endOfItem(lines, start + 1, indent);
    const width = found[1].length + found[2].length;
    const inner = lines
      .slice(start + 1, end)
      .map((line) => line.replace(new RegExp(`^[ \\t]{0,${width}}`), ""));
    items.push(readBlocks([found[4], ...inner], depth + 1));
    next = end;
  }
  const block = isOrdered ? { tag: "ol", start: Number(first[3]), items } : { tag: "ul", start: 1, items };
  return { block, next };
}

/** Finds the end of an item. Indented lines belong to it, and so do lines that continue its paragraph. */
function endOfItem(lines, from, indent) {
  let end = from;
  for (; end < lines.length; end += 1) {
    const filled = firstFilled(lines, end);
    if (filled === undefined) return end;
    const isIndented = indentOf(lines[filled]) > indent;
    if (!isIndented && (filled > end || startsBlock(lines[end]))) return end;
  }
  return end;
}

function readQuote(lines, at, depth) {
  if (!quote.test(lines[at]) || depth === deepest) return undefined;
  let end = at + 1;
  while (end < lines.length && quote.test(lines[end])) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(quote, ""));
  return { block: { tag: "blockquote", blocks: readBlocks(inner, depth + 1) }, next: end };
}

/** Reads a table: a header, a rule below it and rows of cells between `|`. */
function readTable(lines, at) {
  if (!startsTable(lines, at)) return undefined;
  let end = at + 2;
  while (end < lines.length && lines[end].includes("|") && !isBlank(lines[end])) end += 1;
  const rows = [lines[at], ...lines.slice(at + 2, end)].map(cellsOf);
  return { block: { tag: "table", rows }, next: end };
}

function startsTable(lines, at) {
  return lines[at].includes("|") && tableRule.test(lines[at + 1] ?? "") && lines[at + 1].includes("|");
}

function cellsOf(line) {
  const bare = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return bare.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function tableNode([header, ...rows], make) {
  const row = (cells, tag) =>
    make.element(
      "tr",
      cells.map((cell) => make.element(tag, inlineNodes(cell, make))),
    );
  const head = make.element("thead", [row(header, "th")]);
  return make.element("table", [
    head,
    make.element(
      "tbody",
      rows.map((cells) => row(cells, "td")),
    ),
  ]);
}

function readParagraph(lines, at) {
  let end = at + 1;
  const goesOn = (line) => !isBlank(lines[line]) && !startsBlock(lines[line]) && !startsTable(lines, line);
  while (end < lines.length && goesOn(end)) end += 1;
  return { block: { tag: "p", text: lines.slice(at, end).join("\n") }, next: end };
}

const isBlank = (line) => line.trim() === "";
const indentOf = (line) => line.length - line.trimStart().length;
const startsBlock = (line) => fence.test(line) || heading.test(line) || item.test(line) || quote.test(line);

function firstFilled(lines, from) {
  for (let at = from; at < lines.length; at += 1) if (!isBlank(lines[at])) return at;
  return undefined;
}

function inlineNodes(text, make) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(inline)) {
    if (match.index > at) nodes.push(make.text(text.slice(at, match.index)));
    nodes.push(inlineNode(match, make));
    at = match.index + match[0].length;
  }
  if (at < text.length) nodes.push(make.text(text.slice(at)));
  return nodes;
}

function inlineNode([whole, , code, bold, italics, number], make) {
  if (code !== undefined) return make.element("code", [make.text(code)]);
  if (bold !== undefined) return make.element("strong", inlineNodes(bold, make));
  if (italics !== undefined) return make.element("em", inlineNodes(italics, make));
  return make.citation(Number(number)) ?? make.text(whole);
}
