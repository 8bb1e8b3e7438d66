import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { UsageMeter } from "../../../guard/usage-meter.ts";
import { failureReplies } from "../shared/replies.ts";

const entry = z.object({
  day: z.string().describe("Day in UTC."),
  tenant: z.string().nullable(),
  key: z.string().nullable().describe("The key, for callers without a tenant."),
  requests: z.int(),
  prompt_tokens: z.int().describe("Tokens as the model server counted them."),
  completion_tokens: z.int(),
});

const usageQuery = z.strictObject({
  tenant: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  offset: z.coerce.number().int().min(0).default(0),
});

const usageReply = z.object({ entries: z.array(entry), next_offset: z.int().nullable() });

/** The route by which an operator reads what each tenant used. */
export const usageModule: FastifyPluginAsyncZod<{ readonly meter: UsageMeter }> = async (app, { meter }) => {
  const schema = {
    summary:
      "Requests and tokens by tenant and day. The newest day comes first. With REDIS_URL of all servers together, else since this process started.",
    tags: ["observation"],
    querystring: usageQuery,
    response: { 200: usageReply, ...failureReplies },
  };
  const access = { permission: "AdministerSystem", row: "Q61", operatorOnly: true } as const;
  app.get("/usage", { schema, config: { access } }, async ({ query: { tenant, limit, offset } }) => {
    const all = (await meter.entries()).filter((one) => tenant === undefined || one.tenant === tenant);
    const entries = all.slice(offset, offset + limit).map((one) => ({
      day: one.day,
      tenant: one.tenant ?? null,
      key: one.key ?? null,
      requests: one.requests,
      prompt_tokens: one.promptTokens,
      completion_tokens: one.completionTokens,
    }));
    return { entries, next_offset: offset + limit < all.length ? offset + limit : null };
  });
};
