/**
 * The key as Redis gets it. Keys are sent as UTF-8, which has one form for all lone surrogates: such keys are written
 * as JSON, and so are those that could be mistaken for JSON.
 */
export function redisKey(prefix: string, key: string): string {
  return prefix + (key.startsWith(escape) || !key.isWellFormed() ? escape + JSON.stringify(key) : key);
}

const escape = "~";
