import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";

/** Raised when a parser makes another document of the same file, so that unchanged files are read again. */
const parserVersion = 2;

/**
 * A file that was written this recently may be written again without its times telling, because they are only as fine as
 * the file system's clock. git calls such a file racily clean. FAT has the coarsest clock in use, with two seconds.
 */
const finestDoubtMs = 2_000;

/** A version from the times, size and inode alone. The inode's change time cannot be set back by programs. */
export function versionOfStats(stats: BigIntStats, mediaType: string): string {
  const { size, mtimeNs, ctimeNs, ino } = stats;
  return `${parserVersion}:${mediaType}:${size}-${mtimeNs}-${ctimeNs}-${ino}`;
}

/** A version from the content, for a file whose times cannot be trusted yet. */
export function versionOfContent(bytes: Uint8Array, mediaType: string): string {
  return `${parserVersion}:${mediaType}:sha256-${createHash("sha256").update(bytes).digest("base64url")}`;
}

/** Whether a version was made from content. */
export function isContentVersion(version: string): boolean {
  return version.includes(":sha256-");
}

/** Whether the file could change now and keep its times. */
export function isTooFresh(stats: BigIntStats, nowMs: number): boolean {
  const { mtimeMs, ctimeMs } = stats;
  return Number(mtimeMs > ctimeMs ? mtimeMs : ctimeMs) > nowMs - finestDoubtMs;
}
