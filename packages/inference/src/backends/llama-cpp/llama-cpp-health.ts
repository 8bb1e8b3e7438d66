import { InferenceError, type CallOptions, type Health } from "@binnacle/core";
import type { LlamaCppServer } from "./llama-cpp-server.ts";

const healthTimeoutMs = 10_000;

/** Asks `/health`, which needs no key, and `/props`, which does. */
export async function askHealth(
  server: LlamaCppServer,
  model: string | undefined,
  options: CallOptions,
): Promise<Health> {
  const startedAt = performance.now();
  const deadlineAt = Math.min(options.deadlineAt ?? Infinity, Date.now() + healthTimeoutMs);
  const call = { ...options, deadlineAt, maxAttempts: 1 };
  const found = (status: Health["status"], detail?: string): Health => ({
    status,
    latencyMs: performance.now() - startedAt,
    detail,
  });
  try {
    for (const path of ["/health", "/props"])
      await server.json({ path, query: { model } }, () => undefined, call);
    return found("ok");
  } catch (error) {
    options.signal?.throwIfAborted();
    if (InferenceError.isInstance(error) && error.kind === "loading")
      return found("degraded", "loading its model");
    if (error instanceof Error) return found("down", error.message);
    throw error;
  }
}
