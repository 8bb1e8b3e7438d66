import { attributeOf, isOn } from "./attribute-of.ts";
import type { HiddenStyles } from "./hidden-styles.ts";

/** The elements that decide what is hidden, and comments, which may contain anything. A value may contain `>`. */
const tag =
  /<!--[^]*?(?:-->|$)|<(\/?)w:(p|r|[pr]PrChange|vanish|pStyle|rStyle)(?=[\s/>])((?:"[^"<]*"|'[^'<]*'|[^<>"'])*?)(\/?)>/gu;

interface OpenElement {
  readonly name: string;
  readonly start: number;
  style: string;
  /** The run's own property. It wins over all styles. */
  isHidden: boolean | undefined;
}

/**
 * Returns a part of a Word document without the text that Word does not show, because it is formatted as hidden.
 * `mammoth` does not read this format.
 */
export function withoutHiddenText(xml: string, styles: HiddenStyles): string {
  const open: OpenElement[] = [];
  const cuts: { readonly start: number; readonly end: number }[] = [];
  for (const match of xml.matchAll(tag)) {
    const [whole, closes, name, attributes = "", isEmpty] = match;
    if (name === undefined) continue;
    const parent = open.at(-1);
    if (name === "vanish" || name.endsWith("Style")) {
      if (parent) format(parent, name, attributes);
    } else if (closes === "") {
      if (isEmpty === "") open.push({ name, start: match.index, style: "", isHidden: undefined });
    } else {
      const element = open.pop();
      if (element?.name !== "r" || !isHiddenRun(element, open, styles)) continue;
      const { start } = element;
      while ((cuts.at(-1)?.start ?? -1) > start) cuts.pop();
      cuts.push({ start, end: match.index + whole.length });
    }
  }
  let [text, kept] = ["", 0];
  for (const { start, end } of cuts) {
    text += xml.slice(kept, start);
    kept = end;
  }
  return text + xml.slice(kept);
}

/** Notes the format of a run or paragraph. A change's format is the old one, and `vanish` in `p` is of its mark. */
function format(parent: OpenElement, name: string, attributes: string): void {
  if (name === "vanish") parent.isHidden = isOn(attributes);
  else if (name === `${parent.name}Style`) parent.style = attributeOf(attributes, "val") ?? "";
}

/** A hidden style of a run in a hidden paragraph switches back, as ECMA-376 says of toggle properties. */
function isHiddenRun(
  run: OpenElement,
  open: readonly OpenElement[],
  { isDefault, ids }: HiddenStyles,
): boolean {
  if (run.isHidden !== undefined) return run.isHidden;
  const paragraph = open.findLast(({ name }) => name === "p");
  const isHiddenByRun = run.style !== "" && ids.has(run.style);
  return isDefault || isHiddenByRun !== (paragraph !== undefined && ids.has(paragraph.style));
}
