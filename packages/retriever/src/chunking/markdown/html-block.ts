import { isBlankLine, readLine, type Line } from "./markdown-line.ts";

// CommonMark 0.31.2, section 4.6, defines seven kinds of HTML blocks.
const untilMark: readonly (readonly [RegExp, RegExp])[] = [
  [/^<(?:script|pre|style|textarea)(?:[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^<!--/, /-->/],
  [/^<\?/, /\?>/],
  [/^<![a-z]/i, />/],
  [/^<!\[CDATA\[/, /\]\]>/],
];

const blockTag =
  /^<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:[\s>]|\/>|$)/i;

const anyTag =
  /^(?:<[a-z][a-z0-9-]*(?:\s+[a-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*\s*\/?>|<\/[a-z][a-z0-9-]*\s*>)$/i;

/**
 * The longest line that is checked for a single tag. Real tags are shorter, and the pattern is slow on long
 * lines.
 */
const LONGEST_TAG = 1_000;

/** Returns the end of the HTML block that begins with `line`. Undefined if no block begins there. */
export function htmlBlockEnd(text: string, line: Line, inParagraph: boolean): number | undefined {
  if (text.charAt(line.body) !== "<") return undefined;
  const head = text.slice(line.body, Math.min(line.end, line.body + 24));
  const kind = untilMark.find(([opens]) => opens.test(head));
  if (kind !== undefined) return endOfMark(text, line, kind[1]);
  if (blockTag.test(head)) return endAtBlank(text, line);
  if (inParagraph || line.end - line.body > LONGEST_TAG) return undefined;
  return anyTag.test(text.slice(line.body, line.end)) ? endAtBlank(text, line) : undefined;
}

function endOfMark(text: string, line: Line, closes: RegExp): number {
  let current = line;
  while (!closes.test(text.slice(current.body, current.end)) && current.next < text.length) {
    current = readLine(text, current.next);
  }
  return current.end;
}

function endAtBlank(text: string, line: Line): number {
  let end = line.end;
  for (let next = line.next; next < text.length;) {
    const current = readLine(text, next);
    if (isBlankLine(current)) break;
    end = current.end;
    next = current.next;
  }
  return end;
}
