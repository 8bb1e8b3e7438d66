import { createReplayingFetch, type ContractCase, type RecordedExchange } from "@binnacle/core/testing";

/** One exchange as a file holds it. */
export interface StoredExchange {
  readonly request: RecordedExchange["request"];
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** The pieces of the body as text, or one whole body that is not text, in base64. */
    readonly body: readonly string[] | { readonly base64: string };
  };
}

/** The recorded exchanges of each contract case, by the case's name. */
export type ContractRecording = Readonly<Record<string, readonly StoredExchange[]>>;

/** A contract over a subject that reaches its server through the given `fetch`. */
export type WiredContract = (fetch: typeof globalThis.fetch) => readonly ContractCase[];

/** Runs a contract against a real server and records the exchanges. Throws if a case fails. */
export async function recordContract(contract: WiredContract): Promise<ContractRecording> {
  const recording: Record<string, readonly StoredExchange[]> = {};
  for (const { name } of contract(fetch)) {
    const exchanges: StoredExchange[] = [];
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
    return caseNamed(contract(createReplayingFetch(exchanges.map(played)).fetch), name);
  });
}

function played({ request, response }: StoredExchange): RecordedExchange {
  const { body } = response;
  const bytes = "base64" in body ? new Uint8Array(Buffer.from(body.base64, "base64")) : body;
  return { request, response: { ...response, body: bytes } };
}

/** Records whole answers, also of aborted requests, so that a recording does not depend on timing. */
function recordingFetch(exchanges: StoredExchange[]): typeof globalThis.fetch {
  return async (input, init) => {
    const { signal = null, body, ...rest } = init ?? {};
    signal?.throwIfAborted();
    const url = input instanceof Request ? input.url : String(input);
    const response = await fetch(url, { ...rest, ...(typeof body === "string" ? { body } : {}) });
    const { pathname, search } = new URL(url);
    const pieces: Uint8Array[] = [];
    for await (const piece of response.body ?? []) pieces.push(piece);
    exchanges.push({
      request: {
        method: rest.method?.toUpperCase(),
        path: pathname + search,
        ...(typeof body === "string" ? { json: JSON.parse(body) } : {}),
      },
      response: { status: response.status, headers: keptHeaders(response), body: stored(response, pieces) },
    });
    signal?.throwIfAborted();
    return new Response(ReadableStream.from(pieces), { status: response.status, headers: response.headers });
  };
}

/** Returns the headers that a driver reads. vLLM describes vectors in `metadata`. */
function keptHeaders({ headers }: Response): Record<string, string> {
  const metadata = headers.get("metadata");
  return {
    "content-type": headers.get("content-type") ?? "",
    ...(metadata === null ? {} : { metadata }),
  };
}

function stored({ headers }: Response, pieces: readonly Uint8Array[]): StoredExchange["response"]["body"] {
  if (headers.get("content-type")?.startsWith("application/octet-stream") === true)
    return { base64: Buffer.concat(pieces).toString("base64") };
  const decoder = new TextDecoder();
  return pieces.map((piece) => decoder.decode(piece, { stream: true }));
}

function caseNamed(cases: readonly ContractCase[], name: string): ContractCase {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the contract has no case "${name}"`);
  return found;
}
