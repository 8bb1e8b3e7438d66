import { exitStatus } from "../exit-status.ts";
import { withRagSystem } from "../rag-system.ts";
import { checkHealth } from "../system-health.ts";
import type { Terminal } from "../terminal.ts";
import type { CommonOptions } from "./common-options.ts";

/** Asks every part whether it works; fails unless all do. */
export async function health(options: CommonOptions, terminal: Terminal): Promise<number> {
  return await withRagSystem({ ...options, readOnly: true, onWarning: terminal.note }, async (system) => {
    const report = await checkHealth(system, { signal: options.signal });
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
