import { Agent, request as send } from "node:http";

/** Rates and latencies of a load whose clients wait for each reply. */
export interface LoopFigures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Replies with another status than 200. */
  readonly failed: number;
  /** The last of them. */
  readonly failure: string | undefined;
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
  let failure: string | undefined;
  const client = async (): Promise<void> => {
    for (let number = next++; number < requests; number = next++) {
      const from = performance.now();
      const { status, text } = await post(agent, url, headers, body(number));
      latencies.push(performance.now() - from);
      if (status === 200) continue;
      failed += 1;
      failure = `${status} ${text}`;
    }
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (performance.now() - from) / 1000;
  agent.destroy();
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  return { perSecond: requests / seconds, p50Ms: at(0.5), p99Ms: at(0.99), failed, failure };
}

interface PostReply {
  readonly status: number;
  /** Empty for a success. */
  readonly text: string;
}

function post(
  agent: Agent,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<PostReply> {
  const { promise, resolve, reject } = Promise.withResolvers<PostReply>();
  const request = send(url, {
    method: "POST",
    agent,
    headers: { "content-type": "application/json", ...headers, "content-length": Buffer.byteLength(body) },
  });
  request.on("error", reject).on("response", (response) => {
    const { statusCode: status = 0 } = response;
    let text = "";
    if (status === 200) response.resume();
    else response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    response.on("end", () => resolve({ status, text }));
  });
  request.end(body);
  return promise;
}
