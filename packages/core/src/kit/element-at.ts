/** Returns the element at an index. Throws a `RangeError` if the list has no such element. */
export function elementAt<T>(list: ArrayLike<T | undefined>, index: number): T {
  const element = list[index];
  if (element !== undefined) return element;
  throw new RangeError(`A list of ${list.length} has no element at index ${index}. Check the index.`);
}
