import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { BinnacleError, type CallOptions } from "@binnacle/core";
import { abortable, checkCall } from "@binnacle/core/kit";

/** The file to write, and the checksum that the bytes must have. */
export interface ReceiveOptions extends CallOptions {
  readonly path: string;
  readonly sha256: string;
}

/**
 * Writes a snapshot to a file. Rejects with code `checksum_mismatch` if the bytes are other bytes. The caller
 * deletes the file.
 */
export async function receiveSnapshot(
  bytes: AsyncIterable<Uint8Array>,
  { path, sha256, signal, deadlineAt }: ReceiveOptions,
): Promise<void> {
  const hash = createHash("sha256");
  const file = await open(path, "wx", 0o600);
  const pieces = bytes[Symbol.asyncIterator]();
  try {
    for (;;) {
      checkCall({ signal, deadlineAt });
      const next = pieces.next();
      const { done, value } = await (signal ? abortable(next, signal) : next);
      if (done === true) break;
      hash.update(value);
      await file.writeFile(value);
    }
  } finally {
    await file.close();
    void pieces.return?.()?.then(undefined, () => undefined);
  }
  const found = hash.digest("hex");
  if (found === sha256) return;
  throw new BinnacleError(
    "checksum_mismatch",
    `snapshots.restore: the bytes have SHA-256 ${found}, expected ${sha256}. Download the snapshot again.`,
  );
}
