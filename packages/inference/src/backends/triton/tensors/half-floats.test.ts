import { expect, it } from "vitest";
import { bf16OfFloats, floatsOfBf16, floatsOfFp16, fp16OfFloats } from "./half-floats.ts";

const all = Uint16Array.from({ length: 65_536 }, (_, index) => index);
const isNaN16 = (bits: number, exponentMask: number): boolean =>
  (bits & exponentMask) === exponentMask && (bits & 0x7fff) !== exponentMask;

it("keeps every FP16 number over a conversion to float32 and back", () => {
  const back = fp16OfFloats(floatsOfFp16(all));
  const changed = [...all].filter((bits) => back[bits] !== bits && !isNaN16(bits, 0x7c00));
  expect(changed).toEqual([]);
  expect([...all].every((bits) => !isNaN16(bits, 0x7c00) || isNaN16(back[bits] ?? 0, 0x7c00))).toBe(true);
});

it("keeps every BF16 number over a conversion to float32 and back", () => {
  const back = bf16OfFloats(floatsOfBf16(all));
  expect([...all].filter((bits) => back[bits] !== bits && !isNaN16(bits, 0x7f80))).toEqual([]);
});

it.each([
  [1, 0x3c00],
  [-0, 0x8000],
  [65_504, 0x7bff],
  [65_519, 0x7bff],
  [65_520, 0x7c00],
  [1e9, 0x7c00],
  [2 ** -24, 0x0001],
  [2 ** -25, 0x0000], // half of the smallest number rounds to even
  [1.5 * 2 ** -24, 0x0002],
  [2 ** -14 - 2 ** -26, 0x0400],
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
])("rounds %d to the FP16 bits %d", (value, bits) => {
  expect([...fp16OfFloats(Float32Array.of(value))]).toEqual([bits]);
});

it.each([
  [1 + 2 ** -8, 0x3f80],
  [1 + 3 * 2 ** -8, 0x3f82],
  [3.4e38, 0x7f80],
  [-Infinity, 0xff80],
])("rounds %d to the BF16 bits %d", (value, bits) => {
  expect([...bf16OfFloats(Float32Array.of(value))]).toEqual([bits]);
});
