const maxLength = 200;

/** Names of secrets, also at the end of a longer name such as DB_PASSWORD. */
const secretName = String.raw`(?:passw(?:or)?d|passphrase|passcode|pwd|secret|token|(?:api|access|private)[-_ ]?key|(?<![\p{L}\p{N}])(?:pin|pass(?= ?[:=])))(?:_\w{1,40})?["']?`;
const secretValue = String.raw`(?:(?:bearer|basic) )?(?:"[^"]*"?|'[^']*'?|“[^”]*”?|\S+)`;

// The order matters: an address holds what looks like a number, and a secret may look like a word.
const patterns: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`(authorization["']? ?[:=] ?)${secretValue}`, "giu"), "$1[secret]"],
  [
    new RegExp(`(${secretName} ?(?:(?:is|was)(?: ?: ?| )|(?::=|=>|[:=]) ?))${secretValue}`, "giu"),
    "$1[secret]",
  ],
  // Without a sign between them, only a word with a digit or a sign in it is a secret: not "password reset".
  // Short numbers are often errors, such as 401.
  [
    new RegExp(
      String.raw`(${secretName} )(?!\d{1,3}(?:\s|$))(?=\S{0,64}(?:\d|[@#$%^&*!+=~]\w))${secretValue}`,
      "giu",
    ),
    "$1[secret]",
  ],
  [/(\bbearer )(?=\S{0,64}[\d.]\w)\S+/giu, "$1[secret]"],
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/\S+/giu, "[url]"],
  [/[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu, "[email]"],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b/gu, "[ip]"],
  // Letters and digits mixed in a long run are keys, hashes and identifiers.
  [/\b(?=[A-Za-z_-]{0,63}\d)(?=\d{0,63}[A-Za-z_-])[A-Za-z\d_-]{16,}/gu, "[token]"],
  // Account, card and telephone numbers, with their usual separators.
  [/\+?\d(?:[ ./()-]{0,2}\d){5,24}/gu, "[number]"],
];

/**
 * Replaces parts of a query that may identify a person or open a door: addresses, numbers with six or more
 * digits, long tokens, and the values of passwords, keys and other secrets. Without "is" or ":" before it, such
 * a value is hidden only if it has a digit or a sign in it. Cuts the query at 200 characters. Names of people
 * stay, because no pattern knows them. Use hashed queries if they must not be stored.
 */
export function redactQuery(query: string): string {
  let text = query
    .slice(0, 4 * maxLength)
    .replaceAll(/\s+/gu, " ")
    .trim();
  for (const [pattern, replacement] of patterns) text = text.replaceAll(pattern, replacement);
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
}
