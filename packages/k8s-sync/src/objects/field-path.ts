/** Returns the dotted path of a field. A dot within a name becomes a slash, so that it starts no step. */
export function fieldPath(parent: string, name: string): string {
  const step = name.includes(".") ? name.replaceAll(".", "/") : name;
  return parent === "" ? step : `${parent}.${step}`;
}
