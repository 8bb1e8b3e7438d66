/** The characters that a token stands for. Undefined for an unknown token, which may stand for any. */
export type SurfaceOf = (token: string) => string | Uint8Array | undefined;

/** The part of a `tokenizer.json` that says how tokens are written. */
export interface TokenForm {
  readonly model: { readonly type?: string | undefined; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

const unknown = new Set(["[UNK]", "<unk>", "<|unk|>", "�"]);

/** Returns the function that reads a model's tokens: byte-level, with `##` prefixes, or with `▁` for blanks. */
export function createSurfaceOf(form: TokenForm): SurfaceOf {
  const isByteLevel = JSON.stringify([form["pre_tokenizer"], form["decoder"]]).includes('"ByteLevel"');
  if (isByteLevel) {
    const byteOf = byteCharacters();
    return (token) => Uint8Array.from(token, (character) => byteOf.get(character) ?? 63);
  }
  const prefix = form.model["continuing_subword_prefix"];
  const joined = typeof prefix === "string" ? prefix : "";
  return (token) => {
    if (unknown.has(token)) return undefined;
    const byte = /^<0x([0-9A-F]{2})>$/.exec(token)?.[1];
    if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16));
    const bare = joined !== "" && token.startsWith(joined) ? token.slice(joined.length) : token;
    return bare.replaceAll("▁", " ");
  };
}

/** GPT-2's alphabet for bytes: printable ones stand for themselves, the others for 256 and up. */
function byteCharacters(): ReadonlyMap<string, number> {
  const isPrintable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return new Map(
    Array.from({ length: 256 }, (_, byte) => [String.fromCodePoint(isPrintable(byte) ? byte : next++), byte]),
  );
}
