import { BinnacleError, ConfigurationError, UnsupportedError } from "@binnacle/core";
import { RequestFault } from "../../request-fault.ts";

// Errors with these codes describe the request or the stored data, so their messages hold no address and no path
// of the server. All others keep their cause to the log.
const statuses: ReadonlyMap<string, number> = new Map([
  ["invalid_configuration", 400],
  ["invalid_write", 400],
  ["invalid_id", 400],
  ["invalid_chunk", 400],
  ["invalid_vector", 400],
  ["invalid_metadata", 400],
  ["no_embedder", 501],
  ["wrong_space", 409],
  ["collection_mismatch", 409],
  ["cannot_change", 409],
  ["is_alias", 409],
  ["name_taken", 409],
  ["version_conflict", 409],
  ["not_found", 404],
  ["checksum_mismatch", 422],
  ["snapshot_damaged", 422],
  ["store_full", 507],
]);

/** Returns a fault that tells the client what a store refused. Returns any other error unchanged. */
export function storeFault(error: unknown): unknown {
  if (!BinnacleError.isInstance(error)) return error;
  const { code, message } = error;
  const issues = ConfigurationError.isInstance(error) ? error.issues : undefined;
  if (UnsupportedError.isInstance(error)) return new RequestFault(501, message, { code });
  const status = statuses.get(code);
  if (status === undefined) return error;
  const publicCode = code === "invalid_configuration" ? "invalid_request" : code;
  return new RequestFault(status, message, { code: publicCode, issues });
}
