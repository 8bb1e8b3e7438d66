import { createHash } from "node:crypto";
import { damagedSnapshot } from "@binnacle/core/stores";

/** Yields the bytes, and throws `snapshot_damaged` at the end if their checksum is another. */
export async function* checkedBytes(
  bytes: AsyncIterable<Uint8Array>,
  sha256: string | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  const hash = createHash("sha256");
  for await (const piece of bytes) {
    hash.update(piece);
    yield piece;
  }
  const found = hash.digest("hex");
  if (sha256 !== undefined && found !== sha256)
    throw damagedSnapshot(`their SHA-256 is ${found}, and ${sha256} was recorded when it was created`);
}
