import { dom } from "./dom.js";
import { blocksOf, nodeOf } from "./markdown.js";
import { fromTemplate, groupElement, groupsOf, openSource, placeOf } from "./sources.js";

const uncited = "Written by the model, which cites none of its passages";
const modes = {
  generated: "Written by the model from the sources below",
  extractive: "Sentences from your documents, no model in use",
  none: "Not answered",
  kept: "From an earlier visit; its sources are not kept",
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

/** Creates the elements of one question and its growing answer. `askAgain` is called for the reader. */
export function createTurn(question, askAgain) {
  const element = fromTemplate("turn");
  const answer = element.querySelector(".answer");
  const draw = createDrawing(answer);
  let text = "";
  element.querySelector(".asked").textContent = question;
  answer.dataset.busy = "true";
  element.querySelector(".again").addEventListener("click", askAgain);
  return {
    element,
    add: (more) => {
      text += more;
      draw(text);
    },
    /** Shows the complete reply. Returns a remark for readers who only hear the page. */
    finish: (reply) => {
      const { answer: whole, mode, finishReason, citations, refusal, completedQuestion } = reply;
      text = whole;
      const groups = groupsOf(reply);
      const known = new Set(
        groups
          .flatMap(({ passages, isNumbered }) => (isNumbered ? passages : []))
          .map(({ number }) => number),
      );
      draw(text, (number) => (known.has(number) ? citeButton(element, number) : undefined));
      const isUncited = mode === "generated" && citations.length === 0;
      element.querySelector(".mode").textContent = isUncited ? uncited : (modes[mode] ?? mode);
      if (completedQuestion !== undefined) show(element, ".searched", `Understood as: ${completedQuestion}`);
      element.querySelector(".groups").append(...groups.map(groupElement));
      const ending = refusals[refusal?.reason]?.(refusal.unknownNames) ?? endings[finishReason];
      if (ending !== undefined) show(element, ".ending", ending);
      addCopying(element, reply);
      return [answer.innerText, ending, `${citations.length} sources.`].filter(Boolean).join(" ");
    },
    /** Shows an answer without a reply: `failed` or `stopped`. */
    breakOff: (how, why) => {
      element.querySelector(".ending").classList.add(how);
      show(element, ".ending", why);
    },
    settle: () => {
      answer.dataset.busy = "false";
      element.querySelector(".actions").hidden = false;
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

/** Numbers in brackets become buttons only at the end, when the sources are known. */
function keyOf(block, isCited) {
  const key = JSON.stringify(block);
  return isCited && /\[\d/.test(key) ? `cited ${key}` : key;
}

function show(element, selector, text) {
  const part = element.querySelector(selector);
  part.textContent = text;
  part.hidden = false;
}

function citeButton(turn, number) {
  const button = dom.element("button", [String(number)], { type: "button", class: "cite" });
  button.setAttribute("aria-label", `Open source ${number}`);
  button.addEventListener("click", () => openSource(turn, number));
  return button;
}

/** Copies the answer with the places of its sources, as plain text. */
function addCopying(element, { answer, citations }) {
  const places = citations.map((citation) => `[${citation.number}] ${placeOf(citation)}`);
  const done = element.querySelector(".done");
  element.querySelector(".copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText([answer, ...places].join("\n"));
      done.textContent = "Copied.";
    } catch {
      done.textContent = "The browser does not allow copying.";
    }
  });
}
