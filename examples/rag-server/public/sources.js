import { showPassage } from "./passage.js";

const wordsShown = 110;

/**
 * Returns the groups of passages behind a reply. Only a passage whose number is in the text has its number, so
 * that the numbers of cards and text agree.
 */
export function groupsOf({ mode, citations, sources, refusal }) {
  if (refusal !== undefined) return group("Nearest passages", refusal.nearest, false);
  const cited = citations.filter(({ by }) => by !== "overlap");
  const alike = citations.filter(({ by }) => by === "overlap");
  const used = new Set(citations.map(({ number }) => number));
  const read = mode === "generated" ? sources.filter(({ number }) => !used.has(number)) : [];
  return [
    ...group("Sources", cited, true),
    ...group("Not cited, but the answer's words are here", alike, false),
    ...group("Read by the model, but not cited", read, false),
  ];
}

function group(label, passages, isNumbered) {
  return passages.length === 0 ? [] : [{ label, passages, isNumbered }];
}

/** Creates the element of one group. */
export function groupElement({ label, passages, isNumbered }) {
  const element = fromTemplate("group");
  element.querySelector("h3").textContent = label;
  const list = element.querySelector(".sources");
  list.setAttribute("aria-label", label);
  list.append(...passages.map((passage) => card(passage, isNumbered)));
  return element;
}

/**
 * Opens a source of a turn by its number, else by its position, and scrolls to it. Returns false if the turn has
 * no such source.
 */
export function openSource(turn, number) {
  const numbered = turn.querySelector(`.sources li[data-number="${number}"] details`);
  const details = numbered ?? turn.querySelectorAll(".sources details")[number - 1];
  if (details === undefined) return false;
  details.open = true;
  details.querySelector("summary").focus();
  details.scrollIntoView({ block: "nearest" });
  return true;
}

/** Returns the place of a passage as one line: folder, file and section. */
export function placeOf(passage) {
  return [fileOf(passage), sectionOf(passage)].filter(Boolean).join(" › ");
}

function card(passage, isNumbered) {
  const item = fromTemplate("source");
  const part = (name) => item.querySelector(`.${name}`);
  if (isNumbered) {
    item.dataset.number = String(passage.number);
    part("number").textContent = String(passage.number);
  }
  part("file").textContent = fileOf(passage);
  part("path").textContent = sectionOf(passage);
  part("words").textContent = firstWords(passage.text);
  part("range").textContent = rangeOf(passage);
  const details = item.querySelector("details");
  details.addEventListener("toggle", () => {
    if (details.open) void showPassage(part("passage"), passage);
  });
  return item;
}

function fileOf({ documentId, folder }) {
  return folder === undefined ? documentId : `${folder} › ${documentId}`;
}

/** The headings above the passage. The first is left out if it only repeats the document's title. */
function sectionOf({ path = [], title }) {
  return (path.length > 1 && path[0] === title ? path.slice(1) : path).join(" › ");
}

function firstWords(text) {
  const plain = text
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, "$1")
    .replace(/^[ \t]*(?:#{1,6}|[-*+>]|\d+[.)]|`{3,}.*)[ \t]*/gm, "")
    .replace(/[`*|]/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return plain.length > wordsShown ? `${plain.slice(0, wordsShown).trimEnd()}…` : plain;
}

function rangeOf({ documentId, folder, start, end }) {
  return `${documentId}${folder ? ` in ${folder}` : ""}, characters ${start} to ${end}`;
}

export function fromTemplate(id) {
  return document.getElementById(id).content.cloneNode(true).firstElementChild;
}
