import { randomNumbers } from "../../../filled-store.ts";
import { startOpenLoop } from "../../open-loop.ts";
import { readDocumentedReplies, type DocumentedReplies } from "./documented-replies.ts";
import type { Platform } from "./start-platform.ts";

/** The kinds of request of the load, in the order in which they come. */
export const loadKinds = ["chat", "stream", "search", "insert", "read", "embed", "job"] as const;

/** A kind of request. */
export type LoadKind = (typeof loadKinds)[number];

/** One request of the load, and its reply. */
export interface LedgerEntry {
  readonly kind: LoadKind;
  /** Milliseconds since the load began. */
  readonly atMs: number;
  readonly ms: number;
  /** 0 if the connection broke. */
  readonly status: number;
  /** `ok`, or the code of the failure. */
  readonly code: string;
  /** True if the server's OpenAPI document describes the reply. */
  readonly isDocumented: boolean;
}

/** A load of all kinds of request at a fixed rate, and its ledger. */
export interface MixedLoad {
  readonly ledger: readonly LedgerEntry[];
  /** Ids of the points that the server said it had stored. */
  readonly points: ReadonlySet<string>;
  /** Ids of the jobs that the server accepted. */
  readonly jobs: ReadonlySet<string>;
  now(): number;
  /** Stops sending, and resolves when every reply has come. */
  stop(): Promise<void>;
}

/** The operation of each kind, as the OpenAPI document names it. */
export const loadOperations: Readonly<Record<LoadKind, string>> = {
  chat: "POST /chat",
  stream: "POST /chat",
  search: "POST /api/v1/vectors/search",
  insert: "POST /api/v1/vectors/insert",
  read: "GET /api/v1/vectors/{id}",
  embed: "POST /embed",
  job: "POST /api/v1/jobs",
};
const questions = ["How do I rotate the signing key?", "When are backups taken?", "Who is on call?"];

/** Sends requests of all given kinds in turn. The seed chooses the texts. */
export async function startMixedLoad(
  platform: Platform,
  { perSecond, seed, kinds = loadKinds, pointIds = Number.POSITIVE_INFINITY }: LoadOptions,
): Promise<MixedLoad> {
  const documented = await readDocumentedReplies(platform.url);
  const random = randomNumbers(seed);
  const question = (): string => questions[Math.floor(random() * questions.length)] ?? "";
  const ledger: LedgerEntry[] = [];
  const [points, jobs] = [new Set<string>(), new Set<string>()];
  const loop = startOpenLoop(perSecond, async (number) => {
    const [known] = points;
    const due = kinds[number % kinds.length] ?? "chat";
    const kind = due === "read" && known === undefined ? "search" : due;
    const call = requestOf(kind, { number, id: number % pointIds, question: question(), known });
    const atMs = loop.now();
    const reply = await replyTo(platform, call, documented, loadOperations[kind]);
    ledger.push({ kind, atMs, ms: loop.now() - atMs, ...reply });
    if (reply.code !== "ok") return false;
    if (kind === "insert") points.add(`point-${number % pointIds}`);
    if (kind === "job") jobs.add(reply.id);
    return true;
  });
  return { ledger, points, jobs, now: loop.now, stop: async () => void (await loop.stop()) };
}

/** Options of {@link startMixedLoad}. */
export interface LoadOptions {
  readonly perSecond: number;
  readonly seed: number;
  /** @default all */
  readonly kinds?: readonly LoadKind[] | undefined;
  /** Number of ids that the writes use again and again. @default every write has a new id */
  readonly pointIds?: number | undefined;
}

interface LoadCall {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

function requestOf(
  kind: LoadKind,
  {
    number,
    id,
    question,
    known,
  }: { number: number; id: number; question: string; known: string | undefined },
): LoadCall {
  const collection = "load";
  const api = "/api/v1";
  switch (kind) {
    case "chat":
      return { method: "POST", path: "/chat", body: { message: question } };
    case "stream":
      return {
        method: "POST",
        path: "/chat",
        body: { message: question },
        headers: { accept: "text/event-stream" },
      };
    case "search":
      return { method: "POST", path: `${api}/vectors/search`, body: { collection, text: question } };
    case "insert": {
      const body = { collection, id: `point-${id}`, text: `Point ${number}: ${question}` };
      return { method: "POST", path: `${api}/vectors/insert`, body };
    }
    case "read":
      return { method: "GET", path: `${api}/vectors/${known}?collection=${collection}` };
    case "embed":
      return { method: "POST", path: "/embed", body: { input: [`${question} ${number}`] } };
    case "job": {
      const points = [{ id: `job-${id}`, text: `Job ${number}.` }];
      return { method: "POST", path: `${api}/jobs`, body: { kind: "ingest", collection, points } };
    }
  }
}

type Reply = Pick<LedgerEntry, "status" | "code" | "isDocumented"> & { readonly id: string };

async function replyTo(
  { send }: Platform,
  { method, path, body, headers }: LoadCall,
  documented: DocumentedReplies,
  operation: string,
): Promise<Reply> {
  try {
    const response = await send(method, path, { body, headers });
    const text = await response.text();
    const { status } = response;
    if (response.headers.get("content-type")?.startsWith("text/event-stream") === true)
      return { status, ...endOfEvents(text), id: "" };
    const isDocumented = documented.includes(operation, status, text);
    const { code = "ok", id = "" } = JSON.parse(text);
    return { status, code: status < 400 ? "ok" : String(code), isDocumented, id: String(id) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : error;
    return { status: 0, code: `broken: ${String(cause)}`, isDocumented: false, id: "" };
  }
}

/** A stream ends with its whole reply, or with a failure that has a code. */
function endOfEvents(text: string): Pick<Reply, "code" | "isDocumented"> {
  if (/^event: done$/m.test(text)) return { code: "ok", isDocumented: true };
  const [, failure] = /^event: error\ndata: (.*)$/m.exec(text) ?? [];
  if (failure === undefined) return { code: "cut", isDocumented: false };
  const { code } = JSON.parse(failure);
  return { code: String(code), isDocumented: typeof code === "string" };
}
