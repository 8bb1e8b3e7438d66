/** The element at an index. Throws a `RangeError` if there is none, which only a wrong index can cause. */
export function elementAt<T>(list: ArrayLike<T | undefined>, index: number): T {
  const element = list[index];
  if (element !== undefined) return element;
  throw new RangeError(`there is no element at ${index} of ${list.length}`);
}
