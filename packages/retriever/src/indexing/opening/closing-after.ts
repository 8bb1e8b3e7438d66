import type { ManifestSession } from "@binnacle/core";

/** Runs `body` and closes the session, whatever comes. Why `body` failed counts more than that closing failed too, which
 * then often has the same cause; the lease of a session that could not be closed ends by itself. */
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
