import { BinnacleError, ConfigurationError, type CallOptions, type CollectionInfo } from "@binnacle/core";
import { hintFor } from "./invocation.ts";
import { requireIndex, type RagSystem, type RetrievalSettings } from "./rag-system.ts";

/** Options of {@link requireSearchable}. */
export interface SearchableOptions extends CallOptions {
  readonly mode?: RetrievalSettings["mode"];
  /** Called if the index has vectors that are not used. */
  readonly onNote?: ((line: string) => void) | undefined;
}

/**
 * Throws if the index is missing or was made for another language or embedder. The message names the ways
 * out.
 */
export async function requireSearchable(
  system: RagSystem,
  { mode, onNote, ...call }: SearchableOptions = {},
): Promise<CollectionInfo> {
  const info = await requireIndex(system);
  if (mode !== "dense") requireLanguage(system, info);
  if (mode === "lexical") return info;
  if (system.embedder === undefined && mode !== undefined)
    throw new ConfigurationError(
      `--mode ${mode} needs an embedder; set BINNACLE_EMBED_URL, or leave --mode out`,
    );
  const stored = info.dense?.spaceId;
  if (system.embedder === undefined) {
    if (stored !== undefined) onNote?.(`${unusedVectors(system, stored)}, so the search is lexical`);
    return info;
  }
  const given = (await system.embedder.describe(call)).space.id;
  if (given === stored) return info;
  const [problem, wayBack] = mismatch(system, stored, given);
  throw new ConfigurationError(
    `${problem}; ${wayBack}, search with --mode lexical, or ${newCollection(system)}`,
    {
      code: "wrong_space",
    },
  );
}

/**
 * Translates the error of a command that writes or compares into this program's words. Returns any other
 * error unchanged.
 */
export async function explainMismatch(system: RagSystem, error: unknown): Promise<unknown> {
  if (!BinnacleError.isInstance(error) || error.code !== "collection_mismatch") return error;
  const info = await requireIndex(system);
  requireLanguage(system, info);
  const stored = info.dense?.spaceId;
  const given = (await system.embedder?.describe())?.space.id;
  if (stored === given) return error;
  const [problem, wayBack] = mismatch(system, stored, given);
  const message = `${problem}; ${wayBack}, or ${newCollection(system)}`;
  return new ConfigurationError(message, { code: error.code, cause: error });
}

function requireLanguage(system: RagSystem, { sparse }: CollectionInfo): void {
  const stored = sparse?.encoderId;
  const given = system.index.sparse?.id;
  if (stored === given) return;
  throw new ConfigurationError(
    `${nameOf(system)} was made with the encoder "${stored}", but BINNACLE_LANGUAGE asks for "${given}"; set it back, or ${newCollection(system)}`,
    { code: "wrong_encoder" },
  );
}

function mismatch(
  system: RagSystem,
  stored: string | undefined,
  given: string | undefined,
): readonly [problem: string, wayBack: string] {
  if (stored === undefined)
    return [
      `${nameOf(system)} was made without an embedder, but BINNACLE_EMBED_URL is set`,
      "unset the variable",
    ];
  if (given === undefined) return [unusedVectors(system, stored), "set it to a server with that model"];
  return [
    `${nameOf(system)} holds vectors of "${stored}", but the server of BINNACLE_EMBED_URL makes vectors of "${given}"`,
    "use a server with the first model",
  ];
}

function unusedVectors(system: RagSystem, stored: string): string {
  return `${nameOf(system)} holds vectors of "${stored}", but BINNACLE_EMBED_URL is not set`;
}

function nameOf({ collection, data }: RagSystem): string {
  return `collection "${collection}" of ${data.path}`;
}

function newCollection({ data }: RagSystem): string {
  return `make a separate index: ${hintFor(["ingest", "DIR"], { data: data.path, collection: "NAME" })}`;
}
