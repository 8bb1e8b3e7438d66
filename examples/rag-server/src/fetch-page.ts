import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { BinnacleError } from "@binnacle/core";

/** Options of {@link fetchPage}. */
export interface FetchPageOptions {
  readonly signal?: AbortSignal | undefined;
  /** @default the global one */
  readonly fetch?: typeof fetch | undefined;
  /** Most bytes of a page. @default 16 MiB, the most that a folder's file may have */
  readonly maxBytes?: number | undefined;
  /** @default 30_000 */
  readonly timeoutMs?: number | undefined;
}

const mostBytes = 16 * 1024 * 1024;
/** File names' endings by media type, for types whose address may end in anything. */
const endings: Readonly<Record<string, string>> = {
  "text/html": ".html",
  "application/xhtml+xml": ".html",
  "text/markdown": ".md",
  "text/csv": ".csv",
  "text/tab-separated-values": ".tsv",
  "application/json": ".json",
  "application/pdf": ".pdf",
  "message/rfc822": ".eml",
};

/**
 * Fetches a page into a directory, as its only file, so that it can be indexed and compared like any file.
 * Fetches only what the user of the command line names: no link in the page is followed.
 */
export async function fetchPage(
  address: string,
  directory: string,
  { signal, fetch: get = fetch, maxBytes = mostBytes, timeoutMs = 30_000 }: FetchPageOptions = {},
): Promise<void> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const both = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    const response = await get(address, {
      signal: both,
      headers: { accept: "text/html, text/*, */*;q=0.5" },
    });
    if (!response.ok) throw failed(address, `the server answered ${response.status}`);
    const bytes = await readBounded(address, response, maxBytes);
    const name = `page${endingOf(response.headers.get("content-type") ?? "", response.url || address)}`;
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, name), bytes);
    for (const other of await readdir(directory)) if (other !== name) await rm(join(directory, other));
  } catch (error) {
    signal?.throwIfAborted();
    if (BinnacleError.isInstance(error)) throw error;
    throw failed(
      address,
      timeout.aborted ? `no answer within ${timeoutMs / 1000} s` : reasonOf(error),
      error,
    );
  }
}

async function readBounded(address: string, response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > maxBytes) throw failed(address, `it has more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Returns the ending that gives the file its format: by media type, else as in the address. */
function endingOf(contentType: string, address: string): string {
  const mediaType = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  const named = extname(new URL(address).pathname).toLowerCase();
  return endings[mediaType] ?? (/^\.[a-z0-9]{1,8}$/.test(named) ? named : ".txt");
}

function failed(address: string, why: string, cause?: unknown): BinnacleError {
  return new BinnacleError("fetch_failed", `${address} could not be fetched: ${why}`, { cause });
}

function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  if (cause instanceof Error && cause.message !== "") return cause.message;
  return error instanceof Error ? error.message : String(error);
}
