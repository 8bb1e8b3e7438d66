/**
 * Returns the numbers of a vector for JSON, divided by `norm`. A loop, because Array.from takes many times as
 * long.
 */
export function wireNumbers(vector: Float32Array, norm = 1): readonly number[] {
  const scale = 1 / norm;
  const numbers: number[] = [];
  for (const value of vector) numbers.push(Math.fround(value * scale));
  return numbers;
}
