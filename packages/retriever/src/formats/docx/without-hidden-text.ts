/** The elements that decide what is hidden. */
const tag = /<(\/?)w:(p|r|[pr]PrChange|vanish|pStyle|rStyle)(?=[\s/>])([^>]*?)(\/?)>/gu;
const switchedOff = /\bw:val="(?:0|false|off)"/u;

interface OpenElement {
  readonly name: string;
  readonly start: number;
}

/** Returns the ids of the styles whose text Word does not show, from the part `styles.xml`. */
export function hiddenStyles(xml: string): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const part of xml.split("</w:style>")) {
    const style = part.slice(Math.max(0, part.lastIndexOf("<w:style ")));
    const [vanish] = /<w:vanish\b[^>]*>/u.exec(style) ?? [];
    const [, id] = /^[^>]*\bw:styleId="([^"]*)"/u.exec(style) ?? [];
    if (vanish !== undefined && id !== undefined && !switchedOff.test(vanish)) ids.add(id);
  }
  return ids;
}

/**
 * Returns a part of a Word document without the text that Word does not show, because it is formatted as hidden.
 * `mammoth` does not read this format.
 */
export function withoutHiddenText(xml: string, styles: ReadonlySet<string>): string {
  const open: OpenElement[] = [];
  /** The outermost element that is hidden. Its properties come before the elements inside. */
  let hidden: OpenElement | undefined;
  let [text, kept] = ["", 0];
  for (const match of xml.matchAll(tag)) {
    const [whole, closes, name = "", attributes = "", isEmpty] = match;
    const parent = open.at(-1);
    if (name === "vanish" || name.endsWith("Style")) {
      if (parent && hides(name, attributes, parent.name, styles)) hidden ??= parent;
    } else if (closes === "") {
      if (isEmpty === "") open.push({ name, start: match.index });
    } else if (open.pop() === hidden && hidden !== undefined) {
      text += xml.slice(kept, hidden.start);
      kept = match.index + whole.length;
      hidden = undefined;
    }
  }
  return text + xml.slice(kept);
}

function hides(name: string, attributes: string, parent: string, styles: ReadonlySet<string>): boolean {
  // Within `rPrChange` is the format before a tracked change, and within `p` that of the paragraph's mark.
  if (name === "vanish") return parent === "r" && !switchedOff.test(attributes);
  return name === `${parent}Style` && styles.has(/\bw:val="([^"]*)"/u.exec(attributes)?.[1] ?? "");
}
