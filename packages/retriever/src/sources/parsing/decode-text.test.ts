import { BinnacleError } from "@binnacle/core";
import { describe, expect, test } from "vitest";
import { decodeText, looksLikeText } from "./decode-text.ts";

const decode = (content: Uint8Array, mediaType: string): Promise<string> =>
  decodeText(content, { mediaType });
const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

describe("decodeText", () => {
  test("decodes UTF-8 and keeps the byte order mark", async () => {
    expect(await decode(Buffer.from("é😀\r\n"), "text/plain")).toBe("é😀\r\n");
    expect(await decode(Buffer.from("\uFEFFa"), "text/markdown")).toBe("\uFEFFa");
    expect(await decode(bytes(), "text/plain")).toBe("");
  });

  test("decodes UTF-16 with a byte order mark", async () => {
    expect(await decode(bytes(0xff, 0xfe, 0x61, 0, 0xe9, 0), "text/plain")).toBe("aé");
    expect(await decode(bytes(0xfe, 0xff, 0, 0x61, 0, 0xe9), "text/html")).toBe("aé");
  });

  test("decodes HTML and XML that is not UTF-8 as declared", async () => {
    const head = '<META http-equiv=Content-Type content="text/html; charset=ISO-8859-1">';
    const latin = Buffer.concat([Buffer.from(head), bytes(0x93, 0xe9, 0x80)]);
    expect(await decode(latin, "text/html")).toBe(`${head}“é€`);
    expect(await decode(Buffer.from("<meta charset='utf-8'>é"), "text/html")).toContain("é");
    const xml = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?>'), bytes(0xe9)]);
    expect(await decode(xml, "application/xml")).toMatch(/é$/);
    expect(await decode(xml, "application/xhtml+xml")).toMatch(/é$/);
  });

  test("decodes valid UTF-8 as UTF-8, whatever the file declares", async () => {
    const latin = '<?xml version="1.0" encoding="iso-8859-1"?>';
    for (const head of ["<meta charset=utf-16>", "<meta charset=utf8mb4>", "<meta charset=latin1>", latin]) {
      expect(await decode(Buffer.from(`${head}Grüße`), "text/html")).toBe(`${head}Grüße`);
    }
    const wide = `<?xml version="1.0" encoding="UTF-16"?><p>ascii</p>`;
    expect(await decode(Buffer.from(wide), "application/xml")).toBe(wide);
  });

  test("ignores a declaration in a comment or description, or of an unknown encoding", async () => {
    const heads = [
      "<!-- <meta charset=koi8-r> --><meta charset='windows-1252'>",
      "<!--><meta charset=windows-1252>",
      '<meta name="description" content="say <meta charset=koi8-r>"><meta charset="windows-1252">',
      '<meta name="description" content="charset=koi8-r"><meta charset="windows-1252">',
      '<meta data-charset="koi8-r" charset=utf8mb4><meta/charset="windows-1252"/>',
    ];
    for (const head of heads) {
      const page = Buffer.concat([Buffer.from(head), bytes(0xe9)]);
      expect(await decode(page, "text/html")).toBe(`${head}é`);
    }
  });

  test("decodes ISO-2022-JP, although its bytes are ASCII", async () => {
    const page = Buffer.from('<meta charset=iso-2022-jp>\u001b$B$"\u001b(B');
    expect(await decode(page, "text/html")).toMatch(/>あ$/);
  });

  test("rejects broken bytes, unknown encodings and binary data, and never replaces a character", async () => {
    const code = async (value: Uint8Array, mediaType: string): Promise<unknown> =>
      await decode(value, mediaType).catch((error: unknown) => BinnacleError.isInstance(error) && error.code);
    expect(await code(bytes(0x61, 0xe9, 0x62), "text/plain")).toBe("invalid_encoding");
    expect(await code(bytes(0xed, 0xa0, 0x80), "text/plain")).toBe("invalid_encoding");
    expect(await code(bytes(0xff, 0xfe, 0x00, 0xd8), "text/plain")).toBe("invalid_encoding");
    for (const label of ["martian", "utf-16", "utf-8"]) {
      const page = Buffer.concat([Buffer.from(`<meta charset=${label}>`), bytes(0xe9)]);
      expect(await code(page, "text/html")).toBe("invalid_encoding");
    }
    expect(await code(bytes(0x61, 0, 0x62), "text/markdown")).toBe("binary_file");
  });
});

describe("other encodings", () => {
  // Bytes of the same words in each encoding, because Node cannot write them.
  const samples: readonly (readonly [encoding: string, hex: string, words: string])[] = [
    [
      "windows-1252",
      "RGllIFBy/GZ1bmcgZGVyIEty5G5lIGZpbmRldCBpbSBN5HJ6IHN0YXR0LiBCaXR0ZSBy5HVtZW4gU2llIGRpZSBMaWVnZXBs5HR6ZSBiaXMgenVtIEFiZW5kLg==",
      "Prüfung der Kräne",
    ],
    [
      "windows-1251",
      "z/Du4uXw6uAg6vDg7eAg8e7x8u7o8vH/IOIg7ODlLiDP7ubg6/Pp8fLgLCDu8eLu4e7k6PLlIO/w6Pfg6yDk7iDi5ffl8OAu",
      "Проверка крана",
    ],
    [
      "koi8-r",
      "8NLP18XSy8Egy9LBzsEg08/T1M/J1NPRINcgzcHFLiDwz9bBzNXK09TBLCDP09fPws/EydTFINDSyd7BzCDEzyDXxd7F0sEu",
      "Проверка крана",
    ],
    [
      "shift_jis",
      "g06DjIFbg5OCzJNfjJ+CzYzcjI6CyY1zgu2C6oLcgreBQpdblfuC3ILFgsmK3ZXHgvCL84KvgsSCrYK+grOCooFC",
      "点検は五月",
    ],
    [
      "euc-jp",
      "pa+l7KG8pfOkzsXAuKGkz7jet+6ky7nUpO+k7KTepLmho828yv2k3qTHpMu038rJpPK29aSxpMakr6TApLWkpKGj",
      "点検は五月",
    ],
    [
      "gb18030",
      "xvDW2Lv6tcS87LLp1NrO5dTCvfjQ0KGjx+vU2rD4ze3Wrsewx+W/1cLrzbejrNLUseO87LLpyeixuKGj",
      "检查在五月",
    ],
    [
      "utf-16le",
      "RABpAGUAIABQAHIA/ABmAHUAbgBnACAAZABlAHIAIABLAHIA5ABuAGUAIABmAGkAbgBkAGUAdAAgAGkAbQAgAE0A5AByAHoAIABzAHQAYQB0AHQALgAgAEIAaQB0AHQAZQAgAHIA5AB1AG0AZQBuACAAUwBpAGUAIABkAGkAZQAgAEwAaQBlAGcAZQBwAGwA5AB0AHoAZQAgAGIAaQBzACAAegB1AG0AIABBAGIAZQBuAGQALgA=",
      "Prüfung",
    ],
    [
      "utf-16be",
      "AEQAaQBlACAAUAByAPwAZgB1AG4AZwAgAGQAZQByACAASwByAOQAbgBlACAAZgBpAG4AZABlAHQAIABpAG0AIABNAOQAcgB6ACAAcwB0AGEAdAB0AC4AIABCAGkAdAB0AGUAIAByAOQAdQBtAGUAbgAgAFMAaQBlACAAZABpAGUAIABMAGkAZQBnAGUAcABsAOQAdAB6AGUAIABiAGkAcwAgAHoAdQBtACAAQQBiAGUAbgBkAC4=",
      "Prüfung",
    ],
  ];

  test.each(samples)("guesses %s, and reports the guess", async (encoding, hex, words) => {
    const reports: BinnacleError[] = [];
    const onIgnored = (error: BinnacleError): void => void reports.push(error);
    expect(await decodeText(Buffer.from(hex, "base64"), { mediaType: "text/plain", onIgnored })).toContain(
      words,
    );
    expect(reports.map(({ code, message }) => [code, message])).toEqual([
      ["guessed_encoding", expect.stringContaining(encoding)],
    ]);
  });

  test("refuses UTF-8 with a broken letter, and words in an encoding that the guess decodes to control codes", async () => {
    const broken = Buffer.concat([
      Buffer.from("Two dashes — as here — are whole, but the last one is "),
      bytes(0xe2, 0x80),
    ]);
    const dos = Buffer.from(
      "RGllIFBygWZ1bmcgZGVyIEtyhG5lIGZpbmRldCBpbSBNhHJ6IHN0YXR0LiBCaXR0ZSBygXVtZW4gU2llIGRlbiBQbGF0eiBiaXMgenVtIEFiZW5kLg==",
      "base64",
    );
    for (const content of [broken, dos])
      await expect(decode(content, "text/plain")).rejects.toMatchObject({ code: "invalid_encoding" });
  });

  test("refuses a few words whose encoding no guess is sure of", async () => {
    await expect(decode(Buffer.from("Straße 5", "latin1"), "text/plain")).rejects.toMatchObject({
      code: "invalid_encoding",
      retryable: false,
    });
  });
});

describe("looksLikeText", () => {
  test("accepts a head that is UTF-8 up to its end", () => {
    expect(looksLikeText(Buffer.from("naïve 😀").subarray(0, -2))).toBe(true);
    expect(looksLikeText(bytes())).toBe(true);
    expect(looksLikeText(bytes(0xff, 0xfe, 0x61, 0))).toBe(true);
    expect(looksLikeText(bytes(0x7f, 0x45, 0x4c, 0x46, 0))).toBe(false);
    expect(looksLikeText(Buffer.from("Die Prüfung der Kräne findet im März statt.", "latin1"))).toBe(true);
    expect(looksLikeText(Buffer.from("a wide text", "utf16le"))).toBe(true);
    expect(looksLikeText(bytes(0x89, 0x50, 0x4e, 0x47))).toBe(false);
  });
});
