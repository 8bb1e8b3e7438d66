import {
  frameElements,
  headingLinkClasses,
  inertElements,
  navigationClasses,
  navigationElements,
  navigationRoles,
} from "./html-elements.ts";

/**
 * The part of a page that is read: the main element, the only article, the body without navigation, or
 * everything visible.
 */
export type HtmlRegion = "main" | "article" | "body" | "everything";

/** The attributes of an element, by name. */
export type Attributes = Readonly<Record<string, string | undefined>>;

const end = String.raw`\s*(?:;|!|$)`;
const zero = String.raw`(?:0+(?:\.0*)?|\.0+)(?:[a-z]+|%)?${end}`;
/** Less than a hundredth of the full opacity. */
const transparent = String.raw`(?:0+%?|0*\.0(?:0\d*)?|0*\.\d+%)${end}`;
/** Less than one pixel. */
const tiny = String.raw`0*\.\d+px${end}`;
const farOut = String.raw`-\d{3,}(?:\.\d+)?(?:px|r?em|vw|vh|%|pt)`;
/** Matches the styles by which a page hides text from its readers, often to feed it to machines. */
const unseenStyle = new RegExp(
  String.raw`(?:^|;)\s*(?:display\s*:\s*none|(?:content-)?visibility\s*:\s*(?:hidden|collapse)` +
    `|(?:font-size|max-height|max-width)\\s*:\\s*${zero}|font-size\\s*:\\s*${tiny}` +
    `|opacity\\s*:\\s*${transparent}` +
    String.raw`|font\s*:\s*(?:[a-z]+\s+){0,5}0+(?:\.0+)?(?:[a-z]+|%)?(?:\s*/|\s+[a-z"'])` +
    `|(?:left|right|top|bottom|text-indent|margin-left|margin-top)\\s*:\\s*${farOut}` +
    String.raw`|color\s*:\s*transparent|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:[5-9]\d|\d{3,})(?:\.\d+)?%\s*\)` +
    String.raw`|transform\s*:\s*(?:scale\(\s*0\s*[,)]|translate(?:[xy]|3d)?\((?:[^,)]*,)?\s*${farOut}))`,
  "i",
);
const cutOff = /(?:^|;)\s*overflow(?:-[xy])?\s*:\s*(?:hidden|clip)/i;
const withoutSize = new RegExp(String.raw`(?:^|;)\s*(?:height|width)\s*:\s*${zero}`, "i");
/** A comment that is never closed reaches to the end. */
const styleComment = /\/\*[^]*?(?:\*\/|$)/gu;

/** Returns true if the style of an element hides its text. */
function hides(style: string): boolean {
  const plain = style.replace(styleComment, " ");
  return unseenStyle.test(plain) || (cutOff.test(plain) && withoutSize.test(plain));
}

/**
 * Returns true if an element with its content is invisible or not part of the page's content. `isInContent`
 * tells whether the element is within `main`, `article` or `section`.
 */
export function isUnseen(
  name: string,
  attributes: Attributes,
  region: HtmlRegion,
  isInContent: boolean,
): boolean {
  const { hidden, style = "", role = "", open } = attributes;
  if (inertElements.has(name) || attributes["aria-hidden"] === "true") return true;
  // A browser's search finds `until-found` text, so a reader can see it.
  if (hidden !== undefined && hidden !== "until-found") return true;
  if (style !== "" && hides(style)) return true;
  if (name === "dialog" && open === undefined) return true;
  const classes = attributes["class"]?.split(/\s+/) ?? [];
  if (name === "a" && classes.some((word) => headingLinkClasses.has(word))) return true;
  if (region === "everything") return false;
  if (navigationElements.has(name) || navigationRoles.has(role)) return true;
  if (classes.some((word) => navigationClasses.has(word))) return true;
  return frameElements.has(name) && !isInContent;
}
