import type { JsonValue } from "@binnacle/core";
import { describe, expect, it } from "vitest";
import { toYaml } from "./to-yaml.ts";

describe("toYaml", () => {
  it("uses block style for nested lists and objects", () => {
    const value = {
      spec: { ports: [{ port: 80, name: "http" }], args: ["--a=b", "c"], empty: [], none: {} },
    };
    expect(toYaml(value)).toBe(
      [
        "spec:",
        "  ports:",
        "    - port: 80",
        "      name: http",
        "  args:",
        '    - "--a=b"',
        "    - c",
        "  empty: []",
        "  none: {}",
      ].join("\n"),
    );
  });

  it.each<[JsonValue, string]>([
    ["yes", '"yes"'],
    ["1.20", '"1.20"'],
    ["a: b", '"a: b"'],
    ["a #b", '"a #b"'],
    ["*", '"*"'],
    ["line\nbreak", '"line\\nbreak"'],
    ["registry.example.com/app:1", "registry.example.com/app:1"],
    ["(hidden)", "(hidden)"],
    [null, "null"],
    [true, "true"],
    [[[1, 2], ["a"]], "- - 1\n  - 2\n- - a"],
  ])("writes %j as %s", (value, expected) => {
    expect(toYaml(value)).toBe(expected);
  });
});
