import type { ManifestSession } from "@binnacle/core";

/**
 * Runs `body` and closes the session afterwards. If both fail, it throws the error of `body`, which is often
 * the cause of the other. The lease of a session that could not be closed expires.
 */
export async function closingAfter<T>(
  session: ManifestSession | undefined,
  body: () => Promise<T>,
): Promise<T> {
  let result: T;
  try {
    result = await body();
  } catch (error) {
    await session?.close().catch(() => undefined);
    throw error;
  }
  await session?.close();
  return result;
}
