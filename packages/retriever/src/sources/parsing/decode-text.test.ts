import { describe, expect, test } from "vitest";
import { decodeText, looksLikeText } from "./decode-text.ts";

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

describe("decodeText", () => {
  test("decodes UTF-8 and keeps the byte order mark", () => {
    expect(decodeText(Buffer.from("é😀\r\n"), "text/plain")).toBe("é😀\r\n");
    expect(decodeText(Buffer.from("\uFEFFa"), "text/markdown")).toBe("\uFEFFa");
    expect(decodeText(bytes(), "text/plain")).toBe("");
  });

  test("decodes UTF-16 with a byte order mark", () => {
    expect(decodeText(bytes(0xff, 0xfe, 0x61, 0, 0xe9, 0), "text/plain")).toBe("aé");
    expect(decodeText(bytes(0xfe, 0xff, 0, 0x61, 0, 0xe9), "text/html")).toBe("aé");
  });

  test("decodes HTML and XML that is not UTF-8 as declared, and other text only as UTF-8", () => {
    const head = '<META http-equiv=Content-Type content="text/html; charset=ISO-8859-1">';
    const latin = Buffer.concat([Buffer.from(head), bytes(0x93, 0xe9, 0x80)]);
    expect(decodeText(latin, "text/html")).toBe(`${head}“é€`);
    expect(decodeText(Buffer.from("<meta charset='utf-8'>é"), "text/html")).toContain("é");
    const xml = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?>'), bytes(0xe9)]);
    expect(decodeText(xml, "application/xml")).toMatch(/é$/);
    expect(decodeText(xml, "application/xhtml+xml")).toMatch(/é$/);
    expect(() => decodeText(latin, "text/plain")).toThrow(/UTF-8/);
  });

  test("decodes valid UTF-8 as UTF-8, whatever the file declares", () => {
    const latin = '<?xml version="1.0" encoding="iso-8859-1"?>';
    for (const head of ["<meta charset=utf-16>", "<meta charset=utf8mb4>", "<meta charset=latin1>", latin]) {
      expect(decodeText(Buffer.from(`${head}Grüße`), "text/html")).toBe(`${head}Grüße`);
    }
    const wide = `<?xml version="1.0" encoding="UTF-16"?><p>ascii</p>`;
    expect(decodeText(Buffer.from(wide), "application/xml")).toBe(wide);
  });

  test("ignores a declaration in a comment or description, or of an unknown encoding", () => {
    const heads = [
      "<!-- <meta charset=koi8-r> --><meta charset='windows-1252'>",
      "<!--><meta charset=windows-1252>",
      '<meta name="description" content="say <meta charset=koi8-r>"><meta charset="windows-1252">',
      '<meta name="description" content="charset=koi8-r"><meta charset="windows-1252">',
      '<meta data-charset="koi8-r" charset=utf8mb4><meta/charset="windows-1252"/>',
    ];
    for (const head of heads) {
      const page = Buffer.concat([Buffer.from(head), bytes(0xe9)]);
      expect(decodeText(page, "text/html")).toBe(`${head}é`);
    }
  });

  test("decodes ISO-2022-JP, although its bytes are ASCII", () => {
    const page = Buffer.from('<meta charset=iso-2022-jp>\u001b$B$"\u001b(B');
    expect(decodeText(page, "text/html")).toMatch(/>あ$/);
  });

  test("rejects broken bytes, unknown encodings and binary data, and never replaces a character", () => {
    const code = (value: Uint8Array, mediaType: string): unknown => {
      try {
        return decodeText(value, mediaType);
      } catch (error) {
        return error instanceof Error && "code" in error && error.code;
      }
    };
    expect(code(bytes(0x61, 0xe9, 0x62), "text/plain")).toBe("invalid_encoding");
    expect(code(bytes(0xed, 0xa0, 0x80), "text/plain")).toBe("invalid_encoding");
    expect(code(bytes(0xff, 0xfe, 0x00, 0xd8), "text/plain")).toBe("invalid_encoding");
    for (const label of ["martian", "utf-16", "utf-8"]) {
      const page = Buffer.concat([Buffer.from(`<meta charset=${label}>`), bytes(0xe9)]);
      expect(code(page, "text/html")).toBe("invalid_encoding");
    }
    expect(code(Buffer.from('<?xml version="1.0"?>', "utf16le"), "application/xml")).toBe("binary_file");
    expect(code(bytes(0x61, 0, 0x62), "text/markdown")).toBe("binary_file");
  });
});

describe("looksLikeText", () => {
  test("accepts a head that is UTF-8 up to its end", () => {
    expect(looksLikeText(Buffer.from("naïve 😀").subarray(0, -2))).toBe(true);
    expect(looksLikeText(bytes())).toBe(true);
    expect(looksLikeText(bytes(0xff, 0xfe, 0x61, 0))).toBe(true);
    expect(looksLikeText(bytes(0x7f, 0x45, 0x4c, 0x46, 0))).toBe(false);
    expect(looksLikeText(bytes(0x89, 0x50, 0x4e, 0x47))).toBe(false);
  });
});
