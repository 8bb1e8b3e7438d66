import type { FastifyReply, FastifyRequest } from "fastify";

/** Receives the audit log as lines of JSON. */
export interface AuditSink {
  write(line: string): unknown;
}

/** Writes one administrative call to the audit log. It holds names, and neither bodies nor keys. */
export function writeAudit(sink: AuditSink, request: FastifyRequest, reply: FastifyReply, now: number): void {
  const { principal, method, routeOptions, params, id, ip } = request;
  const entry = {
    time: new Date(now).toISOString(),
    request_id: id,
    principal: principal.id,
    tenant: principal.tenant,
    address: ip,
    method,
    route: routeOptions.url,
    target: params,
    status: reply.statusCode,
  };
  sink.write(`${JSON.stringify(entry)}\n`);
}
