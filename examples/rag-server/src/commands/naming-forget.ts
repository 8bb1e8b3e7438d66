import { stat } from "node:fs/promises";
import { BinnacleError } from "@binnacle/core";
import { hintFor } from "../invocation.ts";
import type { DataDirectory, RecordedSource } from "../data-directory.ts";

/** Adds advice to the error if the folder does not exist. Returns any other error unchanged. */
export async function namingForget<E>(
  data: DataDirectory,
  { kind, path, collection }: RecordedSource,
  error: E,
): Promise<E | BinnacleError> {
  if (!BinnacleError.isInstance(error)) return error;
  const isThere = await stat(kind === "page" ? data.pagePath(path) : path).then(
    () => true,
    () => false,
  );
  if (isThere) return error;
  const forget = hintFor(["forget", path], { data: data.path, collection });
  const message = `${error.message.replace(/\.$/, "")}; if the ${kind} is gone for good, run "${forget}"`;
  return new BinnacleError(error.code, message, { cause: error });
}
