import { dom } from "../dom.js";
import { firstWords } from "../words.js";

/** Creates the card of a point. An opened card has the whole text, the metadata and the version. */
export function pointCard({ id, score, text, title, version, metadata }) {
  const summary = dom.element("summary", [
    dom.element("span", [title || id], { class: "name" }),
    ...(score === undefined ? [] : [dom.element("span", [`score ${scoreText(score)}`], { class: "score" })]),
    dom.element("span", [firstWords(text) || "No text"], { class: "words" }),
  ]);
  const facts = [["id", id], ["version", version], ...Object.entries(metadata)];
  const list = facts.map(([name, value]) =>
    dom.element("div", [dom.element("dt", [name]), dom.element("dd", [valueText(value)])]),
  );
  const content = [
    ...(text === ""
      ? []
      : [dom.element("pre", [text], { tabindex: "0", "aria-label": "Text", role: "group" })]),
    dom.element("dl", list),
  ];
  return dom.element("li", [dom.element("details", [summary, ...content])]);
}

/** Scores of several rankings joined are small numbers, so three digits that mean something are shown. */
function scoreText(score) {
  return Number(score.toPrecision(3)).toString();
}

function valueText(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}
