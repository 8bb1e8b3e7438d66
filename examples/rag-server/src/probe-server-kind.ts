import { RequestError } from "@binnacle/core";
import { sleep } from "@binnacle/core/kit";
import type { ModelServerSettings, ServerKind } from "./environment.ts";

const loadingPatienceMs = 60_000;

/** The paths by which each kind of server is known, most telling first. */
const signs: readonly (readonly [path: string, kind: ServerKind])[] = [
  ["/props", "llama-cpp"],
  ["/v2/health/live", "triton"],
  ["/version", "vllm"],
  ["/v1/models", "openai"],
];

/**
 * Asks the server what it is by paths that only one kind answers. While a llama-server still loads its model, waits for up
 * to a minute.
 */
export async function probeServerKind(
  prefix: string,
  settings: ModelServerSettings,
  signal?: AbortSignal,
): Promise<ServerKind> {
  const root = settings.url.replace(/\/v1\/?$|\/+$/, "");
  const giveUpAt = Date.now() + loadingPatienceMs;
  const headers = settings.apiKey === undefined ? {} : { authorization: `Bearer ${settings.apiKey}` };
  for (;;) {
    const statuses = await Promise.all(
      signs.map(([path]) => statusOf(prefix, `${root}${path}`, headers, signal)),
    );
    // 401 also tells: the path is there, and the key will be judged by the driver.
    const found = signs.find((_, index) => [200, 401].includes(statuses[index] ?? 0));
    if (found) return found[1];
    if (!statuses.includes(503) || Date.now() > giveUpAt) throw unknownServer(prefix, root, statuses);
    await sleep(500, { signal });
  }
}

async function statusOf(
  prefix: string,
  url: string,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<number> {
  const limits = [AbortSignal.timeout(5000), ...(signal ? [signal] : [])];
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.any(limits) });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    signal?.throwIfAborted();
    throw new RequestError(
      "unreachable",
      `${prefix}_URL: nothing answers at ${new URL(url).origin}; start the server or unset the variable`,
      {
        url: new URL(url).origin,
        retryable: true,
        cause: error,
      },
    );
  }
}

function unknownServer(prefix: string, url: string, statuses: readonly number[]): RequestError {
  const seen = signs.map(([path], index) => `${path} ${statuses[index]}`).join(", ");
  return new RequestError(
    "unknown_server",
    `${prefix}_URL: ${new URL(url).origin} is no model server that I know (${seen}); set ${prefix}_KIND to llama-cpp or openai`,
    { url: new URL(url).origin },
  );
}
