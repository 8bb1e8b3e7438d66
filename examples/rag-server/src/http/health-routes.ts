import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { RagSystem } from "../rag-system.ts";
import { checkHealth, createIndexSizer } from "../system-health.ts";
import { healthReply, liveReply } from "./schemas.ts";

/** `live`: this process answers. `ready`: every part it needs answered too, just now. */
export function registerHealth(app: FastifyInstance, system: RagSystem): void {
  const sizeOf = createIndexSizer(system);
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const ready = { response: { 200: healthReply, 503: healthReply }, tags: ["health"] };
  for (const path of ["/health", "/health/ready"]) {
    const summary = "Whether every part that answers need works; each one is asked.";
    routes.get(path, { schema: { ...ready, summary } }, async (_request, reply) => {
      const report = await checkHealth(system, { sizeOf });
      return await reply.status(report.status === "down" ? 503 : 200).send(report);
    });
  }
  const live = { response: { 200: liveReply }, tags: ["health"], summary: "Whether this process answers." };
  routes.get("/health/live", { schema: live }, () => ({
    status: "ok" as const,
    uptimeSeconds: process.uptime(),
  }));
}
