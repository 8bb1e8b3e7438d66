import { blocksOf, nodeOf } from "./markdown.js";

const modes = {
  generated: "Written by the model from the sources below",
  extractive: "Sentences from your documents, no model in use",
  none: "Not answered",
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

  return {
    element,
    add: (more) => {
      text += more;
      draw();
    },
    /** Shows the whole reply; gives what there is to say to someone who only hears the page. */
    finish: (reply) => {
      text = reply.answer;
      const known = new Set(reply.citations.map(({ number }) => number));
      draw((number) => (known.has(number) ? citeButton(element, number) : undefined));
      element.querySelector(".mode").textContent = modes[reply.mode] ?? reply.mode;
      element.querySelector(".sources").append(...reply.citations.map(sourceItem));
      return `${answer.innerText} ${reply.citations.length} sources.`;
    },
    /** Says below what there is of the answer why it has no more: `failed` or `stopped`. */
    breakOff: (how, why) => {
      const ending = element.querySelector(".ending");
      ending.classList.add(how);
      ending.textContent = why;
      ending.hidden = false;
    },
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
  item.querySelector(".path").textContent = (citation.path ?? []).join(" › ");
  item.querySelector("blockquote").textContent = citation.text;
  item.querySelector(".range").textContent =
    `${citation.documentId}, characters ${citation.start} to ${citation.end}`;
  return item;
}

function fromTemplate(id) {
  return document.getElementById(id).content.cloneNode(true).firstElementChild;
}
