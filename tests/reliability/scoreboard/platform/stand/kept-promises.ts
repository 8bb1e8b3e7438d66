import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Platform } from "./start-platform.ts";

const jobState = z.object({ state: z.string() });
const patienceMs = 60_000;

/** Counts the points that the server acknowledged and does not have. */
export async function unreadablePoints({ send }: Platform, ids: ReadonlySet<string>): Promise<number> {
  let lost = 0;
  for (const id of ids) {
    const response = await send("GET", `/api/v1/vectors/${id}?collection=load`);
    await response.text();
    if (response.status !== 200) lost += 1;
  }
  return lost;
}

/** Waits for the accepted jobs, and counts those that did not complete. */
export async function unfinishedJobs({ send }: Platform, ids: ReadonlySet<string>): Promise<number> {
  const open = new Set(ids);
  for (const end = performance.now() + patienceMs; open.size > 0 && performance.now() < end; await sleep(100))
    for (const id of open) {
      const response = await send("GET", `/api/v1/jobs/${id}`);
      const { data } = jobState.safeParse(await response.json());
      if (data?.state === "completed") open.delete(id);
    }
  return open.size;
}
