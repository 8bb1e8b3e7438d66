import { BinnacleError } from "@binnacle/core";

/** Counts calls that must be refused, or must return what was given. */
export class TriedCalls {
  cases = 0;
  /** Calls that succeeded although they must not. */
  accepted = 0;
  /** Calls that failed with an error that is not of this SDK. */
  crashed = 0;
  /** Values that came back changed. */
  changed = 0;

  /** Runs a call that must reject with a typed error. */
  async refused(name: string, call: () => unknown): Promise<void> {
    const outcome = await this.#outcome(name, call);
    if (outcome === "done") this.#note("accepted", name);
  }

  /** Runs a call that resolves to whether the value came back equal, or rejects with a typed error. */
  async equal(name: string, call: () => Promise<boolean>): Promise<void> {
    let isEqual = true;
    await this.#outcome(name, async () => {
      isEqual = await call();
    });
    if (!isEqual) this.#note("changed", name);
  }

  async #outcome(name: string, call: () => unknown): Promise<"done" | "refused"> {
    this.cases += 1;
    try {
      await call();
      return "done";
    } catch (error) {
      if (!BinnacleError.isInstance(error)) this.#note("crashed", `${name}: ${String(error)}`);
      return "refused";
    }
  }

  #note(what: "accepted" | "crashed" | "changed", name: string): void {
    this[what] += 1;
    console.error(`reliability: ${what}: ${name}`);
  }
}
