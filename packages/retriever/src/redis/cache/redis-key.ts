/**
 * Builds the key that is sent to Redis. UTF-8 maps all lone surrogates to the same bytes, so keys with a lone
 * surrogate are written as JSON. Keys that look like such JSON are written as JSON too.
 */
export function redisKey(prefix: string, key: string): string {
  return prefix + (key.startsWith(escape) || !key.isWellFormed() ? escape + JSON.stringify(key) : key);
}

const escape = "~";
