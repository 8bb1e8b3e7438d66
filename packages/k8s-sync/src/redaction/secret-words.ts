/** The part of a name in free text after which a secret follows, as the source of a pattern. `passed`,
 * `passing` and `passthrough` are prose. */
export const secretWords: string =
  "pass(?!ed|es\\b|ing|ive|through)|pwd|(?<![a-z])pw(?![a-z])|(?:root|bind)pw|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?key|account[_-]?key|(?:encryption|signing|master|session|shared|storage|service|license|ssh)[_-]?key|connection[_-]?string|credentials?|authorization|cookie|auth";

const open = `"(?:[^"\\\\]|\\\\[^])*(?:"|\\\\?$)`;
// Another pattern has hidden the value already.
const already = `\\(hidden\\)(?=[\\s"'})\\]]|$)`;
const bare = `(?:[^\\s"'})\\]]|["'})\\]](?![\\s,;:}\\])"']|$))+`;

/**
 * A value after a name, as the source of a pattern: in quotes, in the escaped quotes of JSON within JSON, or up
 * to the next space. A quote without its end reaches the end of the text. A comma belongs to the value.
 */
export const secretValue: string = `(?:${already}|${open}|\\\\{1,8}"[^"]*(?:"|$)|'[^']*(?:'|$)|\\[[^\\]]*(?:\\]|$)|${bare})`;
