import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";

/**
 * The version of the built-in parsers. It is raised when a parser changes its result, so that unchanged files are read
 * again.
 */
const parserVersion = 3;

/**
 * The age below which a file's times are not trusted. The file may be written again without new times,
 * because they are only as fine as the file system's clock. git calls such a file racily clean. FAT has the
 * coarsest clock, two seconds.
 */
const finestDoubtMs = 2_000;

/**
 * Makes a version from times, size, inode and kind. The kind is the media type and the id of its parser. Programs cannot set back the inode's change time.
 */
export function versionOfStats(stats: BigIntStats, kind: string): string {
  const { size, mtimeNs, ctimeNs, ino } = stats;
  return `${parserVersion}:${kind}:${size}-${mtimeNs}-${ctimeNs}-${ino}`;
}

/** Makes a version from the content, for a file whose times cannot be trusted yet. */
export function versionOfContent(bytes: Uint8Array, kind: string): string {
  return `${parserVersion}:${kind}:sha256-${createHash("sha256").update(bytes).digest("base64url")}`;
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
