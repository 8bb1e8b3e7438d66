import type { Health } from "@binnacle/core";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { RagSystem } from "../rag-system.ts";
import { checkHealth, createIndexSizer, type SystemHealth } from "../system-health.ts";
import { createHealthHistory } from "./health-history.ts";
import type { RouteAccess } from "./modules/shared/access.ts";
import { healthReply, liveReply } from "./schemas.ts";

/** Adds `live`, which shows that this process answers, and `ready`, which checks every part that it needs. */
export function registerHealth(app: FastifyInstance, system: RagSystem): void {
  const sizeOf = createIndexSizer(system);
  const withoutAddresses = createHealthCensor(app.log);
  const historyOf = createHealthHistory();
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const ready = { response: { 200: healthReply, 503: healthReply }, tags: ["health"] };
  for (const path of ["/health", "/health/ready", "/api/v1/health"]) {
    const summary = "Checks every part that answers need.";
    // Probes of an orchestrator have no key. The report holds no addresses.
    const access: RouteAccess =
      path === "/health/ready"
        ? "public"
        : { permission: "HealthCheck", row: rows[path] ?? "T8", isUnlimited: true };
    routes.get(path, { schema: { ...ready, summary }, config: { access } }, async (_request, reply) => {
      const checked = await checkHealth(system, { sizeOf });
      const history = historyOf(checked);
      const { components, ...rest } = withoutAddresses(checked);
      const parts = Object.entries(components).map(([name, part]) => [name, { ...part, ...history[name] }]);
      const report = { ...rest, components: Object.fromEntries(parts) };
      return await reply.status(report.status === "down" ? 503 : 200).send(report);
    });
  }
  const live = {
    response: { 200: liveReply },
    tags: ["health"],
    summary: "Shows that this process answers.",
  };
  routes.get("/health/live", { schema: live, config: { access: "public" } }, () => ({
    status: "ok" as const,
    uptimeSeconds: process.uptime(),
  }));
}

const rows: Readonly<Record<string, string>> = { "/health": "T8", "/api/v1/health": "Q18" };

const publicDetail = {
  degraded: "does not work as it should; the server's log says why",
  down: "does not answer; the server's log says why",
};

/**
 * Hides the details of a broken part, which include its address, and logs them. Each change is logged once,
 * because probes ask every few seconds.
 */
function createHealthCensor(log: FastifyBaseLogger): (report: SystemHealth) => SystemHealth {
  const logged = new Map<string, string>();
  const censored = (name: string, part: Health): Health => {
    const { status, detail = "" } = part;
    if (logged.get(name) !== detail && status !== "ok") log.error(`health: ${name} is ${status}: ${detail}`);
    logged.set(name, detail);
    return status === "ok" ? part : { ...part, detail: publicDetail[status] };
  };
  return (report) => {
    const parts = Object.entries(report.components).map(([name, part]) => [name, censored(name, part)]);
    return { ...report, components: Object.fromEntries(parts) };
  };
}
