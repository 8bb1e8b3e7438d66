// CommonMark 0.31.2, section 6, defines the inline elements.

const anyTag =
  /^<(?:[a-z][a-z0-9-]*(?:\s+[a-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*\s*\/?|\/[a-z][a-z0-9-]*\s*)>/i;
const comment = /^<!--(?:-?>|[^]*?-->)/;
const address = /^<([a-z][a-z0-9+.-]{1,31}:[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9.-]+)>/i;
const entity = /^&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));/;
const label = /^\[[^[\]]*\]/;
const angledTarget = /^<(?:[^<>\\\n]|\\.)*>/;
const title = /^\s+(?:"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|\((?:[^()\\]|\\[^])*\))/;
const white = /^\s+/;

/** The entity names that people type, out of the two thousand in HTML. */
const named: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"],
]);

/**
 * The longest tag or target. Real tags and targets are shorter, and a search from each `<` would take too
 * long.
 */
const LONGEST = 1_000;
/** CommonMark's limit of nested parentheses. It avoids quadratic time for a row of open parentheses. */
const DEEPEST_PARENTHESES = 32;

/** The visible text of an inline element, and the end of the element. */
export interface Shown {
  readonly text: string;
  readonly end: number;
}

/**
 * Reads the element that the `<` at `at` begins. An address is visible, a tag or comment is not. Undefined if
 * `<` is text.
 */
export function angled(source: string, at: number): Shown | undefined {
  const shown = address.exec(ahead(source, at));
  if (shown !== null) return { text: shown[1] ?? "", end: at + shown[0].length };
  const length = matched(anyTag, source, at) || matched(comment, source, at);
  return length > 0 ? { text: "", end: at + length } : undefined;
}

/** Reads the entity that the `&` at `at` begins, and returns its character. Undefined if `&` is text. */
export function entityAt(source: string, at: number): Shown | undefined {
  const match = entity.exec(source.slice(at, at + 10));
  if (match === null) return undefined;
  const [whole, decimal, hexadecimal, name = ""] = match;
  const text =
    named.get(name) ?? scalar(decimal === undefined ? Number(`0x${hexadecimal}`) : Number(decimal));
  return { text, end: at + whole.length };
}

function scalar(code: number): string {
  const isCharacter = code > 0 && code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : "\ufffd";
}

/**
 * Returns the end of the link target or label at `at`, after the link's brackets. Undefined if neither
 * follows.
 */
export function linkEnd(source: string, at: number): number | undefined {
  if (source.charAt(at) === "(") return targetEnd(source, at + 1);
  const length = matched(label, source, at);
  return length > 0 ? at + length : undefined;
}

function targetEnd(source: string, start: number): number | undefined {
  const from = start + matched(white, source, start);
  const target = from + (matched(angledTarget, source, from) || plainTarget(source, from));
  const titled = target + matched(title, source, target);
  const end = titled + matched(white, source, titled);
  return source.charAt(end) === ")" ? end + 1 : undefined;
}

/**
 * Returns the length of the target at `start`. It ends at white space or at the closing parenthesis around
 * it.
 */
function plainTarget(source: string, start: number): number {
  let depth = 0;
  let at = start;
  for (; at < source.length && source.charAt(at) > " "; at++) {
    const mark = source.charAt(at);
    if (mark === "\\") at++;
    if (mark === "(" && ++depth > DEEPEST_PARENTHESES) break;
    if (mark === ")" && --depth < 0) break;
  }
  return at - start;
}

function ahead(source: string, at: number): string {
  return source.slice(at, at + LONGEST);
}

/** Returns the length of the pattern's match at `at`, or 0. */
function matched(pattern: RegExp, source: string, at: number): number {
  return pattern.exec(ahead(source, at))?.[0].length ?? 0;
}
