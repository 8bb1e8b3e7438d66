import { createReplayingFetch, type ContractCase, type RecordedExchange } from "@binnacle/core/testing";

/** The recorded exchanges of each contract case, by the case's name. */
export type ContractRecording = Readonly<Record<string, readonly RecordedExchange[]>>;

/** A contract over a subject that reaches its server through the given `fetch`. */
export type WiredContract = (fetch: typeof globalThis.fetch) => readonly ContractCase[];

/** Runs a contract against a real server and records the exchanges. Throws if a case fails. */
export async function recordContract(contract: WiredContract): Promise<ContractRecording> {
  const recording: Record<string, readonly RecordedExchange[]> = {};
  for (const { name } of contract(fetch)) {
    const exchanges: RecordedExchange[] = [];
    await caseNamed(contract(recordingFetch(exchanges)), name).run();
    recording[name] = exchanges;
  }
  return recording;
}

/**
 * Returns the cases of a contract, each over its recorded exchanges. A request that was not recorded is an
 * error.
 */
export function replayedContract(
  contract: WiredContract,
  recording: ContractRecording,
): readonly ContractCase[] {
  return contract(fetch).map(({ name }) => {
    const exchanges = recording[name];
    if (exchanges === undefined)
      throw new Error(`nothing was recorded for "${name}"; run the record script again`);
    return caseNamed(contract(createReplayingFetch(exchanges).fetch), name);
  });
}

/** Records whole answers, also of aborted requests, so that a recording does not depend on timing. */
function recordingFetch(exchanges: RecordedExchange[]): typeof globalThis.fetch {
  return async (input, init) => {
    const { signal = null, body, ...rest } = init ?? {};
    signal?.throwIfAborted();
    const url = input instanceof Request ? input.url : String(input);
    const response = await fetch(url, { ...rest, ...(typeof body === "string" ? { body } : {}) });
    const { pathname, search } = new URL(url);
    const pieces: string[] = [];
    const decoder = new TextDecoder();
    for await (const piece of response.body ?? []) pieces.push(decoder.decode(piece, { stream: true }));
    exchanges.push({
      request: {
        method: rest.method?.toUpperCase(),
        path: pathname + search,
        ...(typeof body === "string" ? { json: JSON.parse(body) } : {}),
      },
      response: {
        status: response.status,
        headers: { "content-type": response.headers.get("content-type") ?? "" },
        body: pieces,
      },
    });
    signal?.throwIfAborted();
    return new Response(ReadableStream.from(pieces.map((piece) => new TextEncoder().encode(piece))), {
      status: response.status,
      headers: response.headers,
    });
  };
}

function caseNamed(cases: readonly ContractCase[], name: string): ContractCase {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the contract has no case "${name}"`);
  return found;
}
