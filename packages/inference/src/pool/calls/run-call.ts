import type { InferenceCallOptions } from "@binnacle/core";
import { createTicket, type CallFacts } from "../queue/ticket.ts";
import type { ReplicaPool } from "../replica-pool.ts";
import { PoolCall, type Work } from "./pool-call.ts";

/** Runs a call whose answer comes as a whole. Its replica is free again when the answer has come. */
export async function runCall<Driver, T>(
  pool: ReplicaPool<Driver>,
  facts: CallFacts,
  options: InferenceCallOptions,
  work: Work<Driver, T>,
): Promise<T> {
  const ticket = createTicket(facts, options);
  return new PoolCall(pool, ticket, options).run(async (lane, attempt) => {
    const result = await work(lane, attempt);
    if (ticket.isMeasured) lane.measure();
    lane.succeed();
    return result;
  });
}
