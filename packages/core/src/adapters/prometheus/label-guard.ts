import type { Attributes } from "../../spec/telemetry.ts";

const maxLength = 120;

/** Labels of one measurement. Each name has a value, and a missing attribute is an empty text. */
export type Labels = Record<string, string>;

/** Bounds the series of one metric, because each combination of labels costs memory for good. */
export class LabelGuard {
  readonly #names: readonly string[];
  readonly #maxSeries: number;
  readonly #seen = new Set<string>();

  constructor(names: readonly string[], maxSeries: number) {
    this.#names = names;
    this.#maxSeries = maxSeries;
  }

  /** Returns the labels, or `other` for all of them if there are too many series already. */
  labelsOf(attributes: Attributes = {}): Labels {
    const values = this.#names.map((name) => String(attributes[name] ?? "").slice(0, maxLength));
    const key = JSON.stringify(values);
    const isKnown = this.#seen.has(key);
    const isRoom = this.#seen.size < this.#maxSeries;
    if (!isKnown && isRoom) this.#seen.add(key);
    return Object.fromEntries(
      this.#names.map((name, at) => [labelName(name), isKnown || isRoom ? (values[at] ?? "") : "other"]),
    );
  }
}

/** Returns a valid name of a label. */
export function labelName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, "_");
}
