import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { readEnvironment } from "./environment.ts";
import { createKeyRing } from "./guard/keys/key-ring.ts";
import { openKeyFile, parseKeys } from "./guard/keys/open-key-file.ts";
import { createMemoryRates } from "./guard/limits/memory-rates.ts";
import { createRedisRates } from "./guard/limits/redis-rates.ts";
import { createRedisUsage } from "./guard/redis-usage.ts";
import { createUsageMeter } from "./guard/usage-meter.ts";
import type { GuardKeys } from "./guard/register-guard.ts";
import type { AppOptions } from "./http/create-app.ts";

/** Options of {@link openGuard}. */
export interface OpenGuardOptions {
  /** File of the keys. Undefined: those of `BINNACLE_API_KEYS`. Without both, callers need no key. */
  readonly keys?: string | undefined;
  /** Directory of the audit log. */
  readonly data: string;
  readonly environment?: NodeJS.ProcessEnv | undefined;
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** The opened parts of a server's guard. */
export interface OpenGuard {
  readonly parts: Pick<AppOptions, "keys" | "rates" | "meter" | "audit">;
  close(): Promise<void>;
}

/** Opens keys, limits and the audit log. With `REDIS_URL` all processes count their requests together. */
export async function openGuard({
  keys: path,
  data,
  environment = process.env,
  onWarning,
}: OpenGuardOptions): Promise<OpenGuard> {
  const keys = await openKeys(path, environment["BINNACLE_API_KEYS"], onWarning);
  const { redis } = readEnvironment(environment);
  const rates = redis ? createRedisRates({ urls: redis.urls, onWarning }) : createMemoryRates();
  const meter = redis ? createRedisUsage({ urls: redis.urls }) : createUsageMeter();
  const audit = createWriteStream(join(data, "audit.jsonl"), { flags: "a", mode: 0o600 });
  audit.on("error", (error) => onWarning?.(`the audit log cannot be written: ${error.message}`));
  return {
    parts: { keys, rates, meter, audit },
    close: async () => {
      await Promise.all([rates.close(), meter.close()]);
      audit.end();
      await finished(audit).catch(() => undefined); // reported above
    },
  };
}

/** Opens the keys of a file or, without a file, those of the environment, which has the text of such a file. */
async function openKeys(
  path: string | undefined,
  text: string | undefined,
  onWarning: OpenGuardOptions["onWarning"],
): Promise<GuardKeys | undefined> {
  if (path !== undefined) {
    const file = await openKeyFile(path, { onWarning });
    return { ...createKeyRing(() => file.keys), refresh: () => file.refresh() };
  }
  if (text === undefined || text === "") return undefined;
  const keys = parseKeys("BINNACLE_API_KEYS", text);
  return createKeyRing(() => keys);
}
