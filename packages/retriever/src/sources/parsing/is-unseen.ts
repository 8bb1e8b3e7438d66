import {
  frameElements,
  headingLinkClasses,
  inertElements,
  navigationClasses,
  navigationElements,
  navigationRoles,
} from "./html-elements.ts";

/** Which part of a page is read: the main element, its one article, all but navigation, or really all. */
export type HtmlRegion = "main" | "article" | "body" | "everything";

export type Attributes = Readonly<Record<string, string | undefined>>;

/** Whether an element and all it holds is not shown, or is not what the page says. */
export function isUnseen(
  name: string,
  attributes: Attributes,
  region: HtmlRegion,
  isInContent: boolean,
): boolean {
  const { hidden, style = "", role = "", open } = attributes;
  if (inertElements.has(name) || attributes["aria-hidden"] === "true") return true;
  // Found by a search in the page, so it is to be read.
  if (hidden !== undefined && hidden !== "until-found") return true;
  if (/display\s*:\s*none/i.test(style)) return true;
  if (name === "dialog" && open === undefined) return true;
  const classes = attributes["class"]?.split(/\s+/) ?? [];
  if (name === "a" && classes.some((word) => headingLinkClasses.has(word))) return true;
  if (region === "everything") return false;
  if (navigationElements.has(name) || navigationRoles.has(role)) return true;
  if (classes.some((word) => navigationClasses.has(word))) return true;
  return frameElements.has(name) && !isInContent;
}
