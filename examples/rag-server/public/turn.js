import { blocksOf, nodeOf } from "./markdown.js";

const uncited = "Written by the model, which cites none of the passages that it was given";
const modes = {
  generated: "Written by the model from the sources below",
  extractive: "Sentences from your documents, no model in use",
  none: "Not answered",
};

/** Why a question has no answer. */
const refusals = {
  "nothing-found": () => "The search found no passage.",
  "unknown-name": (names) => `No document mentions ${names.map((name) => `"${name}"`).join(" or ")}.`,
  unrelated: () => "The passages below come nearest, but are most likely about something else.",
  declined: () => "The model found no answer in the passages below.",
};

/** What there is to say of an answer that is not whole, by `finishReason`. */
const endings = {
  length: "The answer is cut: the model reached the most tokens that it may write.",
  "content-filter": "The answer is cut: the model's server filtered it.",
  repeated: "The model repeated itself and was stopped.",
};

/** One question and its answer, which grows. */
export function createTurn(question) {
  const element = fromTemplate("turn");
  const answer = element.querySelector(".answer");
  let text = "";
  let drawn = [];
  element.querySelector(".asked").textContent = question;
  answer.dataset.busy = "true";

  /** Draws the blocks that changed only, so that what the reader has selected stays selected. */
  const draw = (citation) => {
    const blocks = blocksOf(text);
    const keys = blocks.map((block) => keyOf(block, citation !== undefined));
    const changed = keys.findIndex((key, index) => key !== drawn[index]);
    const kept = changed === -1 ? keys.length : changed;
    while (answer.childNodes.length > kept) answer.lastChild.remove();
    const make = { ...dom, citation: citation ?? (() => undefined) };
    answer.append(...blocks.slice(kept).map((block) => nodeOf(block, make)));
    drawn = keys;
  };

  /** Says below what there is of the answer why it has no more. */
  const end = (why, how) => {
    const ending = element.querySelector(".ending");
    if (how !== undefined) ending.classList.add(how);
    ending.textContent = why;
    ending.hidden = false;
  };

  return {
    element,
    add: (more) => {
      text += more;
      draw();
    },
    /** Shows the whole reply; gives what there is to say to someone who only hears the page. */
    finish: ({ answer: whole, mode, finishReason, citations, sources, refusal }) => {
      text = whole;
      const known = new Set(citations.map(({ number }) => number));
      draw((number) => (known.has(number) ? citeButton(element, number) : undefined));
      const isUncited = mode === "generated" && citations.length === 0;
      element.querySelector(".mode").textContent = isUncited ? uncited : (modes[mode] ?? mode);
      const shown = refusal?.nearest ?? citations;
      const items = isUncited ? sources.map(givenItem) : shown.map(sourceItem);
      element.querySelector(".sources").append(...items);
      const ending = refusals[refusal?.reason]?.(refusal.unknownNames) ?? endings[finishReason];
      if (ending !== undefined) end(ending);
      return [answer.innerText, ending, `${citations.length} sources.`].filter(Boolean).join(" ");
    },
    /** The same for an answer that has no reply: `failed` or `stopped`. */
    breakOff: (how, why) => end(why, how),
    settle: () => {
      answer.dataset.busy = "false";
    },
  };
}

/** Opens a source of a turn and goes there; false where it has no such source. */
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

/** Numbers in brackets become buttons only at the end, when it is known which of them name a source. */
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

/** A passage that the model was given and did not cite; a reply tells only where it is. */
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
