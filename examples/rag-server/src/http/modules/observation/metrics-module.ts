import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { metricsType, type ObservedSystem } from "../../../observe-system.ts";
import { failureReplies } from "../shared/replies.ts";

/** The route that Prometheus reads. */
export const metricsModule: FastifyPluginAsyncZod<{ readonly observed: ObservedSystem }> = async (
  app,
  { observed },
) => {
  const text = z.string().describe("Prometheus text format 0.0.4.");
  const schema = {
    summary: "All measurements of this process, as Prometheus reads them.",
    tags: ["observation"],
    response: {
      200: { description: "The measurements.", content: { "text/plain": { schema: text } } },
      ...failureReplies,
    },
  };
  const config = { access: { permission: "ViewMetrics", row: "Q19", isUnlimited: true } } as const;
  app.get("/metrics", { schema, config }, async (_request, reply) => {
    const measured = await observed.scrape();
    return await reply.type(metricsType).serializer(String).send(measured);
  });
};
