/** An encoding that was found by its bytes. */
export interface GuessedEncoding {
  readonly name: string;
  /** The decoded text. */
  readonly text: string;
}

/** The least confidence, from 0 to 100, and the least lead over the second guess. Fewer are not sure. */
const [leastConfidence, leastLead] = [45, 25];
/** Fewer bytes are not sure, whatever the confidence. */
const leastBytes = 40;
/** Bytes that are compared with the patterns of each encoding. */
const sampleBytes = 256 * 1024;
/** Codes that no text has. A wrong encoding often decodes letters to them. */
const controlCode = /[^\P{Cc}\t\n\f\r]/u;

/**
 * Guesses the encoding of bytes that are not UTF-8. Undefined if the guess is not sure, as with a few words.
 */
export async function guessEncoding(bytes: Uint8Array): Promise<GuessedEncoding | undefined> {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) return decoded(bytes, wide);
  if (bytes.includes(0) || bytes.length < leastBytes || isBrokenUtf8(bytes)) return undefined;
  const { analyse } = await import("chardet");
  const start = Math.max(0, bytes.findIndex((byte) => byte >= 0x80) - 1024);
  const [best, second] = analyse(bytes.subarray(start, start + sampleBytes));
  if (best === undefined || best.confidence < leastConfidence) return undefined;
  if (best.confidence - (second?.confidence ?? 0) < leastLead) return undefined;
  return decoded(bytes, best.name);
}

/** Returns UTF-16 if nearly every second byte is 0, as in text of Latin letters, spaces and digits. */
export function wideEncoding(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const pairs = Math.min(2_000, bytes.length >> 1);
  const zeros = [0, 0];
  for (let at = 0; at < 2 * pairs; at++) if (bytes[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (pairs < 2 || bytes.length % 2 !== 0) return undefined;
  if (odd > 0.7 * pairs && even === 0) return "utf-16le";
  return even > 0.7 * pairs && odd === 0 ? "utf-16be" : undefined;
}

/** Returns true if most letters beyond ASCII are valid UTF-8, as in a file that was cut or joined wrongly. */
function isBrokenUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, sampleBytes));
  const replaced = text.match(/\ufffd/gu)?.length ?? 0;
  return (text.match(/[^\p{ASCII}\ufffd]/gu)?.length ?? 0) > replaced;
}

function decoded(bytes: Uint8Array, label: string): GuessedEncoding | undefined {
  try {
    const decoder = new TextDecoder(label, { fatal: true });
    const text = decoder.decode(bytes);
    return controlCode.test(text) ? undefined : { name: decoder.encoding, text };
  } catch {
    return undefined; // the bytes do not fit the guess, or Node does not know the encoding
  }
}
