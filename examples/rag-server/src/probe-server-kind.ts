import { RequestError, TimeoutError } from "@binnacle/core";
import { sleep } from "@binnacle/core/kit";
import type { ModelServerSettings, ServerKind } from "./environment.ts";
import { serverAddresses, serverRoot } from "./server-root.ts";

/** Options of {@link probeServerKind}. */
export interface ProbeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once if the server must be waited for. */
  readonly onNote?: ((line: string) => void) | undefined;
  /** Milliseconds that a server may take to load its model. @default 60_000 */
  readonly loadingPatienceMs?: number | undefined;
  /** Milliseconds for one answer. @default 5_000 */
  readonly answerWithinMs?: number | undefined;
}

/** The paths that identify each kind of server, most specific first. */
const signs: readonly (readonly [path: string, kind: ServerKind])[] = [
  ["/props", "llama-cpp"],
  ["/v2/health/live", "triton"],
  ["/version", "vllm"],
  ["/v1/models", "openai"],
];

/**
 * Finds out the kind of a server by paths that only one kind answers. Waits while a llama-server still loads
 * its model, which it reports by status 503.
 */
export async function probeServerKind(
  prefix: string,
  settings: ModelServerSettings,
  options: ProbeOptions = {},
): Promise<ServerKind> {
  const { signal, onNote, loadingPatienceMs = 60_000 } = options;
  const root = serverRoot(settings.url);
  const startedAt = Date.now();
  let isWaiting = false;
  const headers = settings.apiKey === undefined ? {} : { authorization: `Bearer ${settings.apiKey}` };
  for (;;) {
    const statuses = await Promise.all(
      signs.map(([path]) => statusOf(prefix, `${root}${path}`, headers, options)),
    );
    // 401 also identifies a server. The driver checks the key.
    const found = signs.find((_, index) => [200, 401].includes(statuses[index] ?? 0));
    if (found) return found[1];
    if (!statuses.includes(503)) throw unknownServer(prefix, root, statuses);
    if (Date.now() - startedAt >= loadingPatienceMs) throw stillLoading(prefix, root, loadingPatienceMs);
    if (!isWaiting) onNote?.(`${prefix}_URL: waiting for ${new URL(root).origin} to load its model`);
    isWaiting = true;
    await sleep(500, { signal });
  }
}

/** Rejects if no address answers. Any answer is accepted, because some servers have few paths. */
export async function requireAnswer(
  prefix: string,
  settings: ModelServerSettings,
  options: ProbeOptions,
): Promise<void> {
  const asked = serverAddresses(settings.url).map((url) =>
    statusOf(prefix, `${serverRoot(url)}/`, {}, options),
  );
  const answers = await Promise.allSettled(asked);
  if (answers.every(({ status }) => status === "rejected")) await asked[0];
}

async function statusOf(
  prefix: string,
  url: string,
  headers: Record<string, string>,
  { signal, answerWithinMs = 5000 }: ProbeOptions,
): Promise<number> {
  const limit = AbortSignal.timeout(answerWithinMs);
  try {
    const response = await fetch(url, {
      headers,
      signal: AbortSignal.any([limit, ...(signal ? [signal] : [])]),
    });
    await response.body?.cancel();
    return response.status;
  } catch (cause) {
    signal?.throwIfAborted();
    const { origin } = new URL(url);
    if (limit.aborted) throw silent(prefix, origin, answerWithinMs, cause);
    throw new RequestError(
      "unreachable",
      `${prefix}_URL: nothing answers at ${origin}; start the server or unset the variable`,
      { url: origin, retryable: true, cause },
    );
  }
}

function silent(prefix: string, origin: string, afterMs: number, cause: unknown): TimeoutError {
  return new TimeoutError(
    `${prefix}_URL: ${origin} did not answer within ${afterMs / 1000} s; it or a proxy before it hangs; restart it or unset the variable`,
    { afterMs, phase: "headers", cause },
  );
}

function stillLoading(prefix: string, url: string, afterMs: number): RequestError {
  const { origin } = new URL(url);
  const after = afterMs === 0 ? "" : ` after ${afterMs / 1000} s`;
  return new RequestError(
    "still_loading",
    `${prefix}_URL: ${origin} is still loading its model${after} (it answers with status 503); try again when it is done`,
    { url: origin, status: 503, retryable: true },
  );
}

function unknownServer(prefix: string, url: string, statuses: readonly number[]): RequestError {
  const seen = signs.map(([path], index) => `${path} ${statuses[index]}`).join(", ");
  return new RequestError(
    "unknown_server",
    `${prefix}_URL: ${new URL(url).origin} is not a known kind of model server (${seen}); set ${prefix}_KIND to llama-cpp or openai`,
    { url: new URL(url).origin },
  );
}
