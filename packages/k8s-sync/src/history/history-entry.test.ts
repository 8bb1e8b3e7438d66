import { describe, expect, it } from "vitest";
import { formatHistory, parseHistory, type HistoryEntry } from "./history-entry.ts";
import { textDifference } from "./text-difference.ts";

const entries: readonly HistoryEntry[] = [
  { at: 1_764_511_391_123, change: "deleted", resourceVersion: "", lines: [] },
  {
    at: 1_764_511_390_000,
    change: "changed",
    resourceVersion: "412",
    lines: ["- It has 2 pods.", "+ ## It has 5."],
  },
];

describe("the history of an object", () => {
  it("is read from its own text, newest first", () => {
    expect(parseHistory(formatHistory("Deployment shop/web", entries))).toEqual(entries);
  });

  it("leaves out sections of another form", () => {
    expect(
      parseHistory("# History of x\n\n## yesterday changed\n\n- a\n\n## 2026-01-01T00:00:00Z renamed\n"),
    ).toEqual([]);
  });
});

describe("textDifference", () => {
  it("names the sentences and lines that only one text has", () => {
    const before =
      "# Deployment shop/web\n\nIt has 2 pods. It runs nginx:1.27.\n\n```yaml\nreplicas: 2\nport: 80\n```\n";
    const after =
      "# Deployment shop/web\n\nIt has 5 pods. It runs nginx:1.27.\n\n```yaml\nreplicas: 5\nport: 80\n```\n";
    expect(textDifference(before, after)).toEqual([
      "- It has 2 pods.",
      "- replicas: 2",
      "+ It has 5 pods.",
      "+ replicas: 5",
    ]);
    expect(textDifference(after, after)).toEqual([]);
  });

  it("keeps at most twelve lines of each side, and counts the rest", () => {
    const many = Array.from({ length: 15 }, (_, line) => `line ${line}`).join("\n");
    const difference = textDifference("", many);
    expect(difference).toHaveLength(13);
    expect(difference.at(-1)).toBe("+ and 3 more lines");
    expect(textDifference("", "x".repeat(1_000))[0]).toHaveLength(242);
  });
});
