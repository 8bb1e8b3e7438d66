/** A unit or a variable that a raised number belongs to, such as `m`, `km` or `x`. Longer words have notes. */
const shortWord = /(?<![\p{L}\p{N}])\p{L}{1,2}$/u;

/**
 * Returns the sign between a text and a raised text after it. An exponent is set off by `^`, so that 10 to the
 * power of 6 does not read as 106. A note is set off by a space. An ending, as in 1st, follows directly.
 */
export function raisedSign(before: string, raised: string): "^" | " " | "" {
  // A note in brackets is recognisable as it is.
  if (before === "" || /\s$/u.test(before) || /^[[(]/u.test(raised)) return "";
  if (/^(?:st|nd|rd|th|er|re|e|o|a|ª|º|tm|®|©)$/iu.test(raised)) return "";
  const isNumber = /^[-−+]?[\d,.]+$/u.test(raised);
  if (/[\d)\]]$/u.test(before)) return "^";
  if (shortWord.test(before)) return "^";
  return isNumber || !/\p{L}$/u.test(before) ? " " : "^";
}
