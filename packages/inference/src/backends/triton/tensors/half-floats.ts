/** Widens the bits of FP16 numbers (IEEE 754 binary16) to float32. Every value is exact. */
export function floatsOfFp16(bits: Uint16Array): Float32Array {
  const floats = new Float32Array(bits.length);
  const words = new Uint32Array(floats.buffer);
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i] ?? 0;
    const sign = (half & 0x8000) << 16;
    const exponent = (half >>> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) floats[i] = (sign === 0 ? 1 : -1) * fraction * 2 ** -24;
    else words[i] = sign | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
  }
  return floats;
}

/** Rounds float32 numbers to FP16, halves to even. Numbers beyond 65,504 become infinite. */
export function fp16OfFloats(floats: Float32Array): Uint16Array {
  const words = wordsOf(floats);
  const bits = new Uint16Array(floats.length);
  for (let i = 0; i < bits.length; i++) {
    const word = words[i] ?? 0;
    const sign = (word >>> 16) & 0x8000;
    const rest = word & 0x7fffffff;
    if (rest > 0x7f800000)
      bits[i] = sign | 0x7e00; // NaN
    else if (rest >= 0x477ff000)
      bits[i] = sign | 0x7c00; // rounds to 65,536 or more
    else if (rest >= 0x38800000) bits[i] = sign | halfToEven(rest - 0x38000000, 13);
    else bits[i] = sign | roundedToEven(Math.abs(floats[i] ?? 0) * 2 ** 24); // no normal number
  }
  return bits;
}

/** Widens the bits of BF16 numbers to float32. BF16 is the upper half of a float32. */
export function floatsOfBf16(bits: Uint16Array): Float32Array {
  const floats = new Float32Array(bits.length);
  const words = new Uint32Array(floats.buffer);
  for (let i = 0; i < bits.length; i++) words[i] = (bits[i] ?? 0) << 16;
  return floats;
}

/** Rounds float32 numbers to BF16, halves to even. */
export function bf16OfFloats(floats: Float32Array): Uint16Array {
  const words = wordsOf(floats);
  const bits = new Uint16Array(floats.length);
  for (let i = 0; i < bits.length; i++) {
    const word = words[i] ?? 0;
    const isNaN = (word & 0x7fffffff) > 0x7f800000;
    bits[i] = isNaN ? (word >>> 16) | 0x40 : halfToEven(word, 16);
  }
  return bits;
}

function wordsOf(floats: Float32Array): Uint32Array {
  return new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
}

/** Drops the lowest bits of a positive number and rounds, halves to even. */
function halfToEven(word: number, dropped: number): number {
  const unsigned = word >>> 0;
  const half = 2 ** (dropped - 1) - 1 + ((unsigned >>> dropped) & 1);
  return Math.floor((unsigned + half) / 2 ** dropped);
}

function roundedToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
