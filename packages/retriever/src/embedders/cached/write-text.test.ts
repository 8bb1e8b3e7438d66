import { expect, test } from "vitest";
import { writeLatin1, writeUtf16 } from "./write-text.ts";

/** A buffer of a runtime that has only what Node documents. */
function documentedOnly(bytes: Buffer): Buffer {
  return new Proxy(bytes, {
    get: (target, name) => {
      if (name === "ucs2Write" || name === "latin1Write") return undefined;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

test.each([writeUtf16, writeLatin1])("%o writes the same with undocumented methods as without", (write) => {
  for (const text of ["", "abc", "é–😀", "\ud800x"]) {
    const [direct, documented] = [Buffer.alloc(20), Buffer.alloc(20)];
    write(direct, text, 3);
    write(documentedOnly(documented), text, 3);
    expect(direct).toEqual(documented);
  }
});
