import { stat } from "node:fs/promises";
import { BinnacleError } from "@binnacle/core";
import type { DataDirectory, RecordedSource } from "../data-directory.ts";

/** Adds advice to the error if the folder does not exist. Returns any other error unchanged. */
export async function namingForget<E>(
  data: DataDirectory,
  { path, collection }: RecordedSource,
  error: E,
): Promise<E | BinnacleError> {
  if (!BinnacleError.isInstance(error)) return error;
  const isThere = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isThere) return error;
  const forget = `binnacle-rag forget ${path} --data ${data.path} --collection ${collection}`;
  const message = `${error.message}; if the folder is gone for good, run "${forget}"`;
  return new BinnacleError(error.code, message, { cause: error });
}
