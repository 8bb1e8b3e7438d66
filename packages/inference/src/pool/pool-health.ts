import type { CallOptions, Health } from "@binnacle/core";

/** A replica whose health can be asked. */
export interface AskableReplica {
  readonly name: string;
  readonly ask: () => Promise<Health>;
}

/** Asks all replicas at the same time. `down` if no replica works, `degraded` if not all do. */
export async function poolHealth(
  replicas: readonly AskableReplica[],
  { signal }: CallOptions,
): Promise<Health> {
  const startedAt = performance.now();
  const asked = replicas.map(async ({ name, ask }) => [name, await healthOf(ask, signal)] as const);
  const parts = Object.fromEntries(await Promise.all(asked));
  const states = Object.values(parts).map(({ status }) => status);
  const working = states.filter((status) => status !== "down").length;
  const isFull = states.every((status) => status === "ok") && states.length > 0;
  const partly = working === 0 ? "down" : "degraded";
  return {
    status: isFull ? "ok" : partly,
    latencyMs: performance.now() - startedAt,
    detail: `${working} of ${states.length} replicas answer`,
    parts,
  };
}

async function healthOf(ask: () => Promise<Health>, signal: AbortSignal | undefined): Promise<Health> {
  const startedAt = performance.now();
  try {
    return await ask();
  } catch (error) {
    signal?.throwIfAborted();
    const detail = error instanceof Error ? error.message : String(error);
    return { status: "down", latencyMs: performance.now() - startedAt, detail };
  }
}
