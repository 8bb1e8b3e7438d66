import { parseOptions, pointId, retry } from "@binnacle/core/kit";
import { z } from "zod";

const schema = z.strictObject({ maxAttempts: z.int().positive().default(3) });
const { maxAttempts } = parseOptions("Example", schema, {}); // a typing error would list every issue

const id = pointId({ sourceId: "handbook", documentId: "keys.md", slot: 0 });
console.log(await retry(async () => `the point ${id}`, { maxAttempts }));
