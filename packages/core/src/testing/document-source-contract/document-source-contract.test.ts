import { describe, expect, test } from "vitest";
import type { ContractCase } from "../contract-case.ts";
import { documentSourceContract } from "./document-source-contract.ts";
import { LogSource, type LogFault } from "./fixtures/log-source.ts";

function contractOf(fault?: LogFault): readonly ContractCase[] {
  const abilities = { changes: true, resumes: true, relists: true, degrades: true };
  return documentSourceContract(async () => {
    const source = new LogSource(fault);
    const documentIds = ["a", "b", "c"];
    for (const id of documentIds) source.put(id);
    return {
      source,
      documentIds,
      lists: true,
      content: { put: async (id) => source.put(id), remove: async (id) => source.remove(id) },
      relist: async () => source.relist(),
      degrade: async () => {
        source.degrade();
        return { recover: async () => source.recover() };
      },
      dispose: () => source.close(),
    };
  }, abilities);
}

describe("a source with all abilities", () => {
  for (const { name, run } of contractOf()) test(name, run);
});

const faults: [fault: LogFault, cases: string[]][] = [
  ["forgets removals", ["reports that a document is gone", "resumes from the checkpoints"]],
  ["never recovers", ["current again"]],
  ["lists half", ["shows every document again"]],
  ["fails on unknown checkpoints", ["or an unknown one"]],
];

test.each(faults)("finds a source that %s", async (fault, names) => {
  for (const name of names) {
    const run = contractOf(fault).find((found) => found.name.includes(name))?.run;
    const outcome = run?.().then(
      () => "kept",
      () => "broken",
    );
    const waited = new Promise((resolve) => setTimeout(resolve, 50, "waits for ever"));
    expect(await Promise.race([outcome, waited])).not.toBe("kept");
    expect(outcome).toBeDefined();
  }
});
