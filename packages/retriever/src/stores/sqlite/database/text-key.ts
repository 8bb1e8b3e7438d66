/**
 * A string as it can be stored: SQLite holds UTF-8, in which a lone surrogate does not survive, so two names that
 * differ only there would become one. Such a name is kept as its JSON, which escapes it.
 */
export function toTextKey(value: string): string {
  return value.isWellFormed() && !value.startsWith('"') ? value : JSON.stringify(value);
}

/** The string that {@link toTextKey} was given. */
export function fromTextKey(key: string): string {
  if (!key.startsWith('"')) return key;
  const value: unknown = JSON.parse(key);
  if (typeof value === "string") return value;
  throw new TypeError(`${key} is no text key`);
}
