/** Returns a string that can be stored. SQLite holds UTF-8, which cannot keep a lone surrogate, so two
 * names that differ only there would become equal. Such a name is stored as its JSON, which escapes it. */
export function toTextKey(value: string): string {
  return value.isWellFormed() && !value.startsWith('"') ? value : JSON.stringify(value);
}

/** Returns the string that {@link toTextKey} was given. */
export function fromTextKey(key: string): string {
  if (!key.startsWith('"')) return key;
  const value: unknown = JSON.parse(key);
  if (typeof value === "string") return value;
  throw new TypeError(`${key} is not a text key.`);
}
