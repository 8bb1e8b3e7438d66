import { stat } from "node:fs/promises";
import { BinnacleError } from "@binnacle/core";
import type { DataDirectory, RecordedSource } from "../data-directory.ts";

/** Says what to do about a folder that is gone for good; any other error comes back as it is. */
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
