import { expect, test } from "vitest";
import { decodeText, looksLikeText } from "./decode-text.ts";

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

test("a UTF-8 text comes back as other readers see it, byte order mark included", () => {
  expect(decodeText(Buffer.from("é😀\r\n"), "text/plain")).toBe("é😀\r\n");
  expect(decodeText(Buffer.from("\uFEFFa"), "text/markdown")).toBe("\uFEFFa");
  expect(decodeText(bytes(), "text/plain")).toBe("");
});

test("UTF-16 is read where it is marked", () => {
  expect(decodeText(bytes(0xff, 0xfe, 0x61, 0, 0xe9, 0), "text/plain")).toBe("aé");
  expect(decodeText(bytes(0xfe, 0xff, 0, 0x61, 0, 0xe9), "text/html")).toBe("aé");
});

test("HTML and XML are read as they declare, text only as UTF-8", () => {
  const head = '<META http-equiv=x content="text/html; charset=ISO-8859-1">';
  const latin = Buffer.concat([Buffer.from(head), bytes(0x93, 0xe9, 0x80)]);
  expect(decodeText(latin, "text/html")).toBe(`${head}“é€`);
  expect(decodeText(Buffer.from("<meta charset='utf-8'>é"), "text/html")).toContain("é");
  const xml = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?>'), bytes(0xe9)]);
  expect(decodeText(xml, "application/xml")).toMatch(/é$/);
  expect(decodeText(xml, "application/xhtml+xml")).toMatch(/é$/);
  expect(() => decodeText(latin, "text/plain")).toThrow(/UTF-8/);
});

test("broken bytes, unknown encodings and binary data are named errors, never a replaced character", () => {
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
  expect(code(Buffer.from("<meta charset=martian>é"), "text/html")).toBe("invalid_encoding");
  expect(code(bytes(0x61, 0, 0x62), "text/markdown")).toBe("binary_file");
});

test("a head is text if it is UTF-8 as far as it goes", () => {
  expect(looksLikeText(Buffer.from("naïve 😀").subarray(0, -2))).toBe(true);
  expect(looksLikeText(bytes())).toBe(true);
  expect(looksLikeText(bytes(0xff, 0xfe, 0x61, 0))).toBe(true);
  expect(looksLikeText(bytes(0x7f, 0x45, 0x4c, 0x46, 0))).toBe(false);
  expect(looksLikeText(bytes(0x89, 0x50, 0x4e, 0x47))).toBe(false);
});
