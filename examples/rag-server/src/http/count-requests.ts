import type { Telemetry } from "@binnacle/core";
import type { FastifyInstance } from "fastify";

/** Measures every request by method, route and status. Paths of callers are no labels. */
export function countRequests(app: FastifyInstance, telemetry: Telemetry): void {
  const duration = telemetry.histogram("binnacle.http.duration", {
    unit: "ms",
    description: "Duration of requests, by method, route and status.",
    attributes: ["method", "route", "status"],
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.is404 ? "none" : (request.routeOptions.url ?? "none");
    duration.record(reply.elapsedTime, { method: request.method, route, status: reply.statusCode });
  });
}
