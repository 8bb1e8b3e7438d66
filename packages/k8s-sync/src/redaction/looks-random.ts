/** Returns true if a word looks like a generated key: it is long, and its characters change between letters,
 * capitals and digits far more often than in a name. */
export function looksRandom(word: string): boolean {
  const parts = word.includes("/") ? word.split("/") : [word];
  return parts.some((part) => isMixed(part) || part.split(/[-_.]/).some(isLongCode));
}

// Base64 and base62: three kinds of characters. Camel-case names change less often.
function isMixed(part: string): boolean {
  if (part.length < 20 || !/[a-z]/.test(part) || !/[A-Z]/.test(part) || !/\d/.test(part)) return false;
  return changes(part) >= 0.3 && new Set(part).size >= 10;
}

// Hexadecimal and base36. Suffixes of Kubernetes names have at most ten such characters.
function isLongCode(part: string): boolean {
  if (part.length < 20 || !/\d/.test(part) || !/[A-Za-z]/.test(part)) return false;
  return changes(part) >= 0.2 && new Set(part).size >= 8;
}

function changes(part: string): number {
  let count = 0;
  for (let at = 1; at < part.length; at++) {
    if (kindOf(part.charCodeAt(at)) !== kindOf(part.charCodeAt(at - 1))) count++;
  }
  return count / part.length;
}

function kindOf(code: number): number {
  if (code >= 48 && code <= 57) return 0;
  if (code >= 65 && code <= 90) return 1;
  return code >= 97 && code <= 122 ? 2 : 3;
}
