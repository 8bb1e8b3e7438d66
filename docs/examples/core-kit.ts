import { createLimiter, createRetryBudget, parseOptions, pointId, retry } from "@binnacle/core/kit";
import { z } from "zod";

const schema = z.strictObject({ maxAttempts: z.int().positive().default(3) });
const { maxAttempts } = parseOptions("Example", schema, {}); // invalid options throw an error with every issue

// At most four calls run at the same time, and at most a fifth of the calls may be retried.
const limiter = createLimiter({ limit: 4 });
const budget = createRetryBudget({ share: 0.2 });

const id = pointId({ sourceId: "handbook", documentId: "keys.md", slot: 0 });
const write = async (): Promise<string> => `the point ${id}`;
console.log(await limiter.run(() => retry(write, { maxAttempts, budget })));
