// Two characters of the private use area mark the range inside the Markdown, so that it survives the rendering.
const opening = "\uE000";
const closing = "\uE001";
/** Marks at the beginning of a line that are not part of its text. */
const prefix = /^[ \t]*(?:(?:#{1,6}|[-*+]|\d{1,9}[.)]|>)[ \t]+)*\|?[ \t]*/;
/** Lines without a text of their own: fences and the rule below a table's header. */
const textless = /^[ \t]*(?:`{3,}.*|~{3,}.*|\|?[ \t]*:?-{2,}[-:| \t]*)$/;

/** Puts the marks of a range into a Markdown text, where they change no block. */
export function markRange(text, from, to) {
  const bare = text.replaceAll(opening, " ").replaceAll(closing, " ");
  const start = startOf(bare, from);
  const end = endOf(bare, Math.max(start, to));
  return `${bare.slice(0, start)}${opening}${bare.slice(start, end)}${closing}${bare.slice(end)}`;
}

/** Splits a text at the marks into `{ text, marked }`. `isMarked` is the state at its beginning. */
export function splitMarked(text, isMarked) {
  return text.split(/(?=[\uE000\uE001])/).map((part) => {
    const mark = part[0];
    if (mark === opening || mark === closing) isMarked = mark === opening;
    return { text: mark === opening || mark === closing ? part.slice(1) : part, marked: isMarked };
  });
}

function startOf(text, offset) {
  const line = text.lastIndexOf("\n", offset - 1) + 1;
  const end = endOfLine(text, line);
  const whole = text.slice(line, end);
  if (textless.test(whole) && end < text.length) return startOf(text, end + 1);
  return Math.max(offset, line + (prefix.exec(whole)?.[0].length ?? 0));
}

function endOf(text, offset) {
  const end = text.slice(0, offset).trimEnd().length;
  const line = text.lastIndexOf("\n", end - 1) + 1;
  if (line > 0 && textless.test(text.slice(line, endOfLine(text, line)))) return endOf(text, line);
  return end;
}

function endOfLine(text, line) {
  const end = text.indexOf("\n", line);
  return end === -1 ? text.length : end;
}
