import { attribute } from "@binnacle/core";
import { retry, type RetryOptions } from "@binnacle/core/kit";
import { AttemptLog } from "./attempt-log.ts";
import type { ServerIdentity } from "./model-server.ts";

/** Options of {@link attempted}. */
export interface AttemptedOptions extends RetryOptions {
  /** Log to record failed attempts in. @default a new log */
  readonly log?: AttemptLog | undefined;
}

/** Calls until it succeeds, as `retry` does. The error of the last attempt lists all of them. */
export async function attempted<T>(
  { address, maxAttempts }: Pick<ServerIdentity, "address" | "maxAttempts">,
  { log = new AttemptLog(address), ...options }: AttemptedOptions,
  call: () => Promise<T>,
): Promise<T> {
  const noted = async (): Promise<T> => {
    log.begin();
    try {
      return await call();
    } catch (error) {
      options.signal?.throwIfAborted(); // the caller's own reason, unchanged
      log.fail(error);
      throw attribute(error, { replica: address, attempts: log.records });
    }
  };
  return retry(noted, { ...options, maxAttempts: options.maxAttempts ?? maxAttempts });
}
