import { RequestFault } from "../http/request-fault.ts";

/** Returns the fault of a queue that takes no further job, from anybody or from one tenant. */
export function fullQueue(): RequestFault {
  const headers = { "retry-after": "10" };
  return new RequestFault(503, "too many jobs are waiting; send this one later", {
    code: "overloaded",
    headers,
  });
}
