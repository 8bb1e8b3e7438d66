import { blocksOf, nodeOf } from "./markdown.js";

const uncited = "Written by the model, which cites none of its passages";
const modes = {
  generated: "Written by the model from the sources below",
  extractive: "Sentences from your documents, no model in use",
  none: "Not answered",
};

/** The reason why a question was refused, in words. */
const refusals = {
  "nothing-found": () => "The search found no passage.",
  "unknown-name": (names) => `No document mentions ${names.map((name) => `"${name}"`).join(" or ")}.`,
  unrelated: () => "The nearest passages below are most likely about something else.",
  declined: () => "The model found no answer in the passages below.",
};

/** Remarks on an incomplete answer, by `finishReason`. */
const endings = {
  length: "The answer is cut: the model reached its token limit.",
  "content-filter": "The answer is cut: the model's server filtered it.",
  repeated: "The model repeated itself and was stopped.",
};

/** Creates the elements of one question and its growing answer. */
export function createTurn(question) {
  const element = fromTemplate("turn");
  const answer = element.querySelector(".answer");
  const draw = createDrawing(answer);
  let text = "";
  element.querySelector(".asked").textContent = question;
  answer.dataset.busy = "true";
  return {
    element,
    add: (more) => {
      text += more;
      draw(text);
    },
    /** Shows the complete reply. Returns a remark for readers who only hear the page. */
    finish: ({ answer: whole, mode, finishReason, citations, sources, refusal }) => {
      text = whole;
      const known = new Set(citations.map(({ number }) => number));
      draw(text, (number) => (known.has(number) ? citeButton(element, number) : undefined));
      const isUncited = mode === "generated" && citations.length === 0;
      element.querySelector(".mode").textContent = isUncited ? uncited : (modes[mode] ?? mode);
      const shown = refusal?.nearest ?? citations;
      const items = isUncited ? sources.map(givenItem) : shown.map(sourceItem);
      element.querySelector(".sources").append(...items);
      const ending = refusals[refusal?.reason]?.(refusal.unknownNames) ?? endings[finishReason];
      if (ending !== undefined) showEnding(element, ending);
      return [answer.innerText, ending, `${citations.length} sources.`].filter(Boolean).join(" ");
    },
    /** Shows an answer without a reply: `failed` or `stopped`. Returns a remark like `finish`. */
    breakOff: (how, why) => showEnding(element, why, how),
    settle: () => {
      answer.dataset.busy = "false";
    },
  };
}

/** Creates a function that redraws only the blocks that changed, so that the reader's selection stays. */
function createDrawing(answer) {
  let drawn = [];
  return (text, citation) => {
    const blocks = blocksOf(text);
    const keys = blocks.map((block) => keyOf(block, citation !== undefined));
    const changed = keys.findIndex((key, index) => key !== drawn[index]);
    const kept = changed === -1 ? keys.length : changed;
    while (answer.childNodes.length > kept) answer.lastChild.remove();
    const make = { ...dom, citation: citation ?? (() => undefined) };
    answer.append(...blocks.slice(kept).map((block) => nodeOf(block, make)));
    drawn = keys;
  };
}

/** Shows below the answer why it ended early. */
function showEnding(element, why, how) {
  const ending = element.querySelector(".ending");
  if (how !== undefined) ending.classList.add(how);
  ending.textContent = why;
  ending.hidden = false;
}

/** Opens a source of a turn and scrolls to it. Returns false if the turn has no such source. */
export function openSource(turn, number) {
  const details = turn.querySelector(`.sources li[data-number="${number}"] details`);
  if (details === null) return false;
  details.open = true;
  details.querySelector("summary").focus();
  details.scrollIntoView({ block: "nearest" });
  return true;
}

const dom = {
  text: (value) => document.createTextNode(value),
  element: (tag, children, attributes = {}) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  },
};

/** Numbers in brackets become buttons only at the end, when the sources are known. */
function keyOf(block, isCited) {
  const key = JSON.stringify(block);
  return isCited && /\[\d/.test(key) ? `cited ${key}` : key;
}

function citeButton(turn, number) {
  const button = dom.element("button", [String(number)], { type: "button", class: "cite" });
  button.setAttribute("aria-label", `Open source ${number}`);
  button.addEventListener("click", () => openSource(turn, number));
  return button;
}

function sourceItem(citation) {
  const item = fromTemplate("source");
  item.dataset.number = String(citation.number);
  item.querySelector(".number").textContent = String(citation.number);
  item.querySelector(".title").textContent = citation.title ?? citation.documentId;
  item.querySelector(".path").textContent = pathOf(citation);
  item.querySelector("blockquote").textContent = citation.text;
  item.querySelector(".range").textContent = rangeOf(citation);
  return item;
}

/** Creates the line of a passage that the model read but did not cite. The reply has only its position. */
function givenItem(source) {
  const item = fromTemplate("given");
  item.querySelector(".title").textContent = source.title ?? source.documentId;
  item.querySelector(".path").textContent = pathOf(source);
  item.querySelector(".range").textContent = rangeOf(source);
  return item;
}

function pathOf({ folder, path = [] }) {
  return [folder, ...path].filter(Boolean).join(" › ");
}

function rangeOf({ documentId, folder, start, end }) {
  return `${documentId}${folder ? ` in ${folder}` : ""}, characters ${start} to ${end}`;
}

function fromTemplate(id) {
  return document.getElementById(id).content.cloneNode(true).firstElementChild;
}
