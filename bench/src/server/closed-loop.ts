import { Agent, request as send } from "node:http";

/** Rates and latencies of a load whose clients wait for each reply. */
export interface LoopFigures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Replies with another status than 200. */
  readonly failed: number;
}

/** One request of a load. */
export interface LoopRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Body of the request with this number. */
  readonly body: (number: number) => string;
  readonly requests: number;
  /** Requests at the same time. */
  readonly clients: number;
}

/** Sends requests from clients that each wait for their reply. */
export async function closedLoop({
  url,
  headers,
  body,
  requests,
  clients,
}: LoopRequest): Promise<LoopFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const latencies: number[] = [];
  let [next, failed] = [0, 0];
  const client = async (): Promise<void> => {
    for (let number = next++; number < requests; number = next++) {
      const from = performance.now();
      const { status } = await post(agent, url, headers, body(number));
      latencies.push(performance.now() - from);
      if (status !== 200) failed += 1;
    }
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (performance.now() - from) / 1000;
  agent.destroy();
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  return { perSecond: requests / seconds, p50Ms: at(0.5), p99Ms: at(0.99), failed };
}

function post(
  agent: Agent,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<{ readonly status: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly status: number }>();
  const request = send(url, {
    method: "POST",
    agent,
    headers: { "content-type": "application/json", ...headers, "content-length": Buffer.byteLength(body) },
  });
  request.on("error", reject).on("response", (response) => {
    response.resume().on("end", () => resolve({ status: response.statusCode ?? 0 }));
  });
  request.end(body);
  return promise;
}
