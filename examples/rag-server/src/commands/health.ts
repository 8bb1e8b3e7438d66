import { BinnacleError, type Health } from "@binnacle/core";
import { exitStatus } from "../exit-status.ts";
import { withRagSystem, type RagSystem } from "../rag-system.ts";
import { checkHealth, rounded, worstOf, type SystemHealth } from "../system-health.ts";
import type { Terminal } from "../terminal.ts";
import { requireSearchable } from "../vector-space.ts";
import type { CommonOptions } from "./common-options.ts";

/** Checks every part. Exits with a failure unless all parts work. */
export async function health(options: CommonOptions, terminal: Terminal): Promise<number> {
  const startedAt = performance.now();
  const down: Record<string, Health> = {};
  const opened = {
    ...options,
    readOnly: true,
    onWarning: terminal.note,
    loadingPatienceMs: 0,
    onServerDown: (part: string, error: BinnacleError) => void (down[part] = failed(error, startedAt)),
  };
  return await withRagSystem(opened, async (system) => {
    const report = await reportOf(system, down, options.signal);
    terminal.print(
      `${report.status}: ${report.index.documents} documents, ${report.index.chunks} chunks; ${report.answers}`,
    );
    for (const [name, part] of Object.entries(report.components)) {
      terminal.print(
        `  ${name}: ${part.status} (${part.latencyMs.toFixed(0)} ms)${part.detail ? `, ${part.detail}` : ""}`,
      );
    }
    terminal.result(report);
    return report.status === "ok" ? exitStatus.ok : exitStatus.failed;
  });
}

async function reportOf(
  system: RagSystem,
  down: Readonly<Record<string, Health>>,
  signal: AbortSignal | undefined,
): Promise<SystemHealth> {
  const report = await checkHealth(system, { signal });
  const components = { ...report.components, ...down, collection: await collectionHealth(system, signal) };
  const answers = down["llm"] ? "no answers, because the model server cannot be used" : report.answers;
  return { ...report, status: worstOf(Object.values(components)), components, answers };
}

/** Reports if there is an index to search. */
async function collectionHealth(system: RagSystem, signal: AbortSignal | undefined): Promise<Health> {
  const startedAt = performance.now();
  try {
    await requireSearchable(system, { signal });
    return rounded({ status: "ok", latencyMs: performance.now() - startedAt });
  } catch (error) {
    if (!BinnacleError.isInstance(error)) throw error;
    return failed(error, startedAt);
  }
}

function failed({ code, message }: BinnacleError, startedAt: number): Health {
  const status = code === "still_loading" ? "degraded" : "down";
  return rounded({ status, latencyMs: performance.now() - startedAt, detail: message });
}
