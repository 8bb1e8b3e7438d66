import type { Row } from "../report.ts";

/** The fields that all rows of the suite share. */
export const base: Pick<Row, "suite" | "versions" | "seed"> = {
  suite: "k8s",
  versions: {
    node: process.versions.node,
    "kube-apiserver": "1.36.3",
    "@kubernetes/client-node": "2.0.1",
  },
  seed: "fixed",
};

/** Returns a row for a count that must be 0. */
export function zero(row: string, value: number, detail: object = {}): Row {
  return { ...base, row, value, unit: "", target: "0", ok: value === 0, correct: value === 0, ...detail };
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
