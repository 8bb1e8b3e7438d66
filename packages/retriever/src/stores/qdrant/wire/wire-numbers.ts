/** Returns the numbers of a vector for JSON. A loop, because Array.from takes many times as long. */
export function wireNumbers(vector: Float32Array): readonly number[] {
  const numbers: number[] = [];
  for (const value of vector) numbers.push(value);
  return numbers;
}
