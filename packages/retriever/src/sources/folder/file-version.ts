import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";

/**
 * The version of the parsers. It is raised when a parser changes its result, so that unchanged files are read
 * again.
 */
const parserVersion = 2;

/**
 * The age below which a file's times are not trusted. The file may be written again without new times,
 * because they are only as fine as the file system's clock. git calls such a file racily clean. FAT has the
 * coarsest clock, two seconds.
 */
const finestDoubtMs = 2_000;

/**
 * Makes a version from times, size, inode and media type. Programs cannot set back the inode's change time.
 */
export function versionOfStats(stats: BigIntStats, mediaType: string): string {
  const { size, mtimeNs, ctimeNs, ino } = stats;
  return `${parserVersion}:${mediaType}:${size}-${mtimeNs}-${ctimeNs}-${ino}`;
}

/** Makes a version from the content, for a file whose times cannot be trusted yet. */
export function versionOfContent(bytes: Uint8Array, mediaType: string): string {
  return `${parserVersion}:${mediaType}:sha256-${createHash("sha256").update(bytes).digest("base64url")}`;
}

/** Returns true if a version was made from content. */
export function isContentVersion(version: string): boolean {
  return version.includes(":sha256-");
}

/** Returns true if the file is so new that it could change now and keep its times. */
export function isTooFresh(stats: BigIntStats, nowMs: number): boolean {
  const { mtimeMs, ctimeMs } = stats;
  return Number(mtimeMs > ctimeMs ? mtimeMs : ctimeMs) > nowMs - finestDoubtMs;
}
