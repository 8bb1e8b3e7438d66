import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProtoError, ProtoReader } from "./proto-reader.ts";
import { ProtoWriter } from "./proto-writer.ts";

describe("a protobuf message", () => {
  it("reads back integers, texts, bytes and lists that were written", () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.string({ unit: "grapheme" }),
        fc.uint8Array(),
        fc.array(fc.maxSafeInteger()),
        fc.double(),
        (integer, text, bytes, list, double) => {
          const written = new ProtoWriter(1)
            .integer(1, integer)
            .text(2, text)
            .bytes(3, bytes)
            .integers(4, list)
            .double(5, double)
            .message(600, (inner) => inner.integer(1, true).integer(2, -1));
          const reader = new ProtoReader(written.finish());
          const next = (): number => (reader.next() ? reader.field : -1);
          expect([next(), reader.integer()]).toEqual([1, integer]);
          expect([next(), reader.text()]).toEqual([2, text]);
          expect([next(), Uint8Array.from(reader.bytes())]).toEqual([3, bytes]);
          expect([next(), reader.integers().map(Number)]).toEqual([4, list]);
          expect([next(), reader.double()]).toEqual([5, double]);
          expect(next()).toBe(600);
          const inner = reader.message();
          expect([inner.next(), inner.boolean(), inner.next(), inner.signed()]).toEqual([
            true,
            true,
            true,
            -1,
          ]);
          expect([inner.next(), next()]).toEqual([false, -1]);
        },
      ),
    );
  });

  it("has the bytes of the specification's examples", () => {
    expect(new ProtoWriter().integer(1, 150).finish().toString("hex")).toBe("089601");
    expect(new ProtoWriter().text(2, "testing").finish().toString("hex")).toBe("120774657374696e67");
    expect(new ProtoWriter().integers(6, [3, 270, 86_942]).finish().toString("hex")).toBe("3206038e029ea705");
    expect(new ProtoWriter().integer(1, -2).finish().toString("hex")).toBe("08feffffffffffffffff01");
  });

  it("is refused or read to its end, whatever its bytes are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const reader = new ProtoReader(bytes);
        try {
          while (reader.next()) reader.skip();
        } catch (error) {
          expect(error).toBeInstanceOf(ProtoError);
        }
      }),
    );
  });
});
