import { BinnacleError, RequestError } from "@binnacle/core";
import { redact } from "@binnacle/core/kit";

/** The address for messages about the server, and the secrets that they must not contain. */
export interface FailureContext {
  /** The server's address without credentials: `redis://host:6379`. */
  readonly address: string;
  readonly secrets: readonly string[];
  /** True until the first connection has been made. @default false */
  readonly isNew?: boolean | undefined;
}

interface Explanation {
  readonly code: string;
  /** Matches the message of the server or the socket. */
  readonly when: RegExp;
  /** The cause and the way out. It follows the address in the message. */
  readonly text: string;
  readonly retryable: boolean;
}

const explanations: readonly Explanation[] = [
  {
    code: "unauthorized",
    when: /^NOAUTH|Authentication required/,
    text: "the server needs a password (NOAUTH). Give it in the URL: redis://user:password@host",
    retryable: false,
  },
  {
    code: "unauthorized",
    when: /^WRONGPASS|invalid password/,
    text: "the server rejected the user or password (WRONGPASS). Correct them in the URL",
    retryable: false,
  },
  {
    code: "forbidden",
    when: /^NOPERM/,
    text: "the user lacks a permission (NOPERM). Allow GET, MGET, SET, DEL, PING and INFO on the prefix's keys",
    retryable: false,
  },
  {
    code: "cluster_node",
    when: /^(MOVED|CROSSSLOT|ASK) /,
    text: "the server is a node of a cluster. Give `cluster: [url]` instead of `url`",
    retryable: false,
  },
  {
    code: "no_cluster",
    when: /cluster support disabled/,
    text: "the server is not a node of a cluster. Give `url` instead of `cluster`",
    retryable: false,
  },
  {
    code: "cache_full",
    when: /^OOM/,
    text: "the server is full and evicts nothing. Set maxmemory-policy to allkeys-lru or give it more memory",
    retryable: true,
  },
  {
    code: "read_only",
    when: /^READONLY/,
    text: "the server is a read-only replica. Give the master's address, or `sentinel`",
    retryable: true,
  },
  {
    code: "busy",
    when: /^(LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)/,
    text: "the server is busy or starting, so it cannot answer yet. Wait until it is ready",
    retryable: true,
  },
  {
    code: "disk_failed",
    when: /^MISCONF/,
    text: "the server rejects writes because it cannot save to disk (MISCONF). Repair its disk, or set stop-writes-on-bgsave-error to no",
    retryable: true,
  },
  {
    code: "tls_failed",
    when: /CERT|SELF.SIGNED|self.signed|unable to (get|verify)|certificate|ERR_TLS|ERR_SSL|wrong version number|EPROTO|alert/i,
    text: "no trusted TLS connection is possible. Check `tls.ca`, `tls.cert` and the host's name, and that the port speaks TLS",
    retryable: false,
  },
  {
    code: "unreachable",
    when: /ECONNREFUSED|connection refused/i,
    text: "connection refused. Start the server, or correct the address",
    retryable: true,
  },
  {
    code: "unreachable",
    when: /ENOTFOUND|EAI_AGAIN/,
    text: "the host name is unknown. Correct the address",
    retryable: true,
  },
  {
    code: "unreachable",
    when: /sentinels are unreachable/,
    text: "no sentinel knows a master that answers. Check the sentinels' addresses and the master's `name`",
    retryable: true,
  },
  {
    code: "unreachable",
    when: /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/,
    text: "the server does not answer. Check the address and that the server runs",
    retryable: true,
  },
];

/**
 * Translates a client's error into a typed error. Its code is `unauthorized`, `forbidden`, `cluster_node`,
 * `no_cluster`, `cache_full`, `read_only`, `busy`, `disk_failed`, `tls_failed`, `unreachable`, or else
 * `connection_lost`. The cause is a copy without the command, which may contain passwords and values.
 */
export function explainFailure(
  error: unknown,
  { address, secrets, isNew = false }: FailureContext,
): BinnacleError {
  if (BinnacleError.isInstance(error)) return error;
  const said = redact(wordsOf(error), secrets);
  const found = explanations.find(({ when }) => when.test(said));
  const cause = new Error(said.slice(0, 500));
  if (found === undefined) {
    const hint =
      isNew && address.startsWith("redis:") ? ". If the port speaks TLS, start the URL with rediss://" : "";
    const text = `${address}: the connection failed (${said.slice(0, 200)})${hint}`;
    return new RequestError("connection_lost", text, { url: address, retryable: true, cause });
  }
  const { code, text, retryable } = found;
  return new RequestError(code, `${address}: ${text}`, { url: address, retryable, cause });
}

/** Returns true if the server itself answered with the error, so that it is neither gone nor hung. */
export function isReply(error: BinnacleError): boolean {
  return !["unreachable", "connection_lost", "tls_failed", "timeout", "unauthorized", "busy"].includes(
    error.code,
  );
}

/** Returns the message of the innermost error. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = "lastNodeError" in error ? error.lastNodeError : undefined;
  if (inner instanceof Error) return wordsOf(inner);
  // Node tries each address of a host and collects the failures; the collection itself says nothing.
  const [first]: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  if (first instanceof Error) return wordsOf(first);
  const code = "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  return `${error.message}${error.message.includes(code.slice(2, -1)) ? "" : code}`;
}
