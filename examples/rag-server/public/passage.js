import { callApi } from "./api.js";
import { blocksOf, nodeOf } from "./markdown.js";
import { dom } from "./dom.js";
import { markRange, splitMarked } from "./marks.js";

const kept = new WeakMap();

/** Fills an opened card with the passage, the text around it, and the cited range marked. Reads it once. */
export async function showPassage(container, citation) {
  if (kept.has(container)) return;
  kept.set(container, true);
  container.append(...rendered(citation.documentId, citation.text, 0, citation.text.length));
  const around = await read(citation).catch(() => undefined);
  if (around === undefined) return;
  const { text, textStart, isFirst, isLast } = around;
  const [from, to] = [citation.start - textStart, citation.end - textStart];
  if (text.slice(from, to) !== citation.text)
    return note(container, "The document has changed since this answer.");
  const nodes = rendered(citation.documentId, text, from, to);
  container.replaceChildren(...(isFirst ? [] : [ellipsis()]), ...nodes, ...(isLast ? [] : [ellipsis()]));
  container.scrollTop = Math.max(
    0,
    (container.querySelector("mark")?.offsetTop ?? 0) - container.offsetTop - 48,
  );
}

async function read({ documentId, folder, start, end }) {
  const query = new URLSearchParams({ document: documentId, start, end, ...(folder && { folder }) });
  const response = await callApi(`passage?${query}`);
  return response.ok ? await response.json() : undefined;
}

/** Renders Markdown and pages as they read, and any other text as it is. */
function rendered(documentId, text, from, to) {
  if (!isMarkdown(documentId)) return [plain(text, from, to)];
  const make = { ...dom, text: markingText(), citation: () => undefined };
  const nodes = blocksOf(withoutLinks(markRange(text, from, to))).map((block) => nodeOf(block, make));
  // A range without a visible character, such as a table's rule, would have no mark.
  return nodes.some((node) => node.querySelector("mark") !== null) ? nodes : [plain(text, from, to)];
}

function isMarkdown(documentId) {
  return /\.(?:md|mdx|markdown|html?|docx|pdf|eml)$/i.test(documentId) || /^https?:/i.test(documentId);
}

/** Links would lead out of the page, and relative ones nowhere. */
function withoutLinks(text) {
  return text.replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, "$1").replace(/<!--[^]*?-->/g, "");
}

function plain(text, from, to) {
  const marked = dom.element("mark", [text.slice(from, to)]);
  return dom.element("pre", [text.slice(0, from), marked, text.slice(to)]);
}

/** Creates a function that makes text nodes in reading order and marks those within the range. */
function markingText() {
  let isMarked = false;
  return (value) => {
    const parts = document.createDocumentFragment();
    for (const { text, marked } of splitMarked(value, isMarked)) {
      if (text !== "") parts.append(marked ? dom.element("mark", [text]) : text);
      isMarked = marked;
    }
    return parts;
  };
}

function ellipsis() {
  return dom.element("p", ["…"], { class: "more" });
}

function note(container, text) {
  container.append(dom.element("p", [text], { class: "note" }));
}
