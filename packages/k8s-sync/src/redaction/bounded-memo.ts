/** Remembers the results of a function for up to `limit` texts, and then starts again. Objects of one cluster
 * repeat most of their strings. */
export function boundedMemo<T>(limit: number, compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const computed = compute(text);
    // Long texts rarely repeat, and would make the bound a bound in name only.
    if (text.length > 200) return computed;
    if (known.size >= limit) known.clear();
    known.set(text, computed);
    return computed;
  };
}
