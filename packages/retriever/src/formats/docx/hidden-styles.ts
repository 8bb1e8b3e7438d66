import { attributeOf, isOn } from "./attribute-of.ts";

/** The formats of a document that hide text. */
export interface HiddenStyles {
  /** True if the document's defaults hide text. */
  readonly isDefault: boolean;
  /** Ids of the styles that hide text. The empty id is the style of paragraphs that name no style. */
  readonly ids: ReadonlySet<string>;
}

interface Style {
  readonly basedOn: string | undefined;
  readonly isHidden: boolean | undefined;
}

/** The most styles that a style is based on. More are a circle. */
const mostBases = 100;

/** Returns the styles whose text Word does not show, from the part `styles.xml`. */
export function hiddenStyles(xml: string): HiddenStyles {
  const styles = new Map<string, Style>();
  for (const element of elements(xml, "style")) {
    const [head = ""] = element.split(">", 1);
    const style = { basedOn: attributeOf(tagIn(element, "basedOn") ?? "", "val"), isHidden: hides(element) };
    styles.set(attributeOf(head, "styleId") ?? "", style);
    const isDefault = ["1", "true", "on"].includes(attributeOf(head, "default") ?? "");
    if (isDefault && attributeOf(head, "type") === "paragraph") styles.set("", style);
  }
  const ids = [...styles.keys()].filter((id) => isHidden(id, styles));
  return { isDefault: elements(xml, "docDefaults").some(hides), ids: new Set(ids) };
}

function isHidden(id: string, styles: ReadonlyMap<string, Style>): boolean {
  let style = styles.get(id);
  for (let bases = 0; bases < mostBases && style?.isHidden === undefined; bases += 1)
    style = style?.basedOn === undefined ? undefined : styles.get(style.basedOn);
  return style?.isHidden ?? false;
}

/** Returns true if the properties in an element hide text, and undefined if they do not say so. */
function hides(element: string): boolean | undefined {
  const vanish = tagIn(element, "vanish");
  return vanish === undefined ? undefined : isOn(vanish);
}

function elements(xml: string, name: string): readonly string[] {
  const parts = xml.split(`</w:${name}>`).slice(0, -1);
  return parts.map((part) => part.slice(Math.max(0, part.lastIndexOf(`<w:${name}`))));
}

function tagIn(element: string, name: string): string | undefined {
  return new RegExp(`<w:${name}(?=[\\s/>])[^<>]*>`, "u").exec(element)?.[0];
}
