import { describe, expect, test } from "vitest";
import { isPermitted } from "./supply-chain.ts";

describe("the permitted licences", () => {
  test.each(["MIT", "(MIT AND Zlib)", "(MIT OR GPL-3.0-or-later)", "GPL-2.0-only OR MIT AND ISC"])(
    "include %s (S1)",
    (license) => expect(isPermitted(license)).toBe(true),
  );

  test.each([
    "GPL-3.0-only",
    "MIT AND GPL-3.0-only",
    "(MIT AND GPL-3.0-only)",
    "GPL-2.0-only OR MIT AND AGPL-3.0-only",
    "GPL-3.0-only AND (ISC OR MIT OR GPL-2.0-only)",
    "MIT with conditions",
    "none",
  ])("exclude %s (S1)", (license) => expect(isPermitted(license)).toBe(false));
});
