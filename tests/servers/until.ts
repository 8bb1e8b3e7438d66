import { setTimeout as wait } from "node:timers/promises";

/** Asks every 50 ms until the answer is true. Throws after 20 seconds and says what it waited for. */
export async function until(isDone: () => Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await wait(50)) if (await isDone()) return;
  throw new Error(`waited 20 s for ${what}`);
}
