import type { BinnacleError } from "@binnacle/core";

/**
 * The reason why an entry of the folder is not a document:
 *
 * - `always`: `.git` and `node_modules`.
 * - `hidden`: the name begins with a dot.
 * - `gitignored`: a `.gitignore` file excludes the entry.
 * - `excluded`, `not-included`: the options `exclude` and `include`.
 * - `unsupported-type`: the name belongs to a binary format.
 * - `binary`: the content is not text.
 * - `symlink`: a link, while links are not followed.
 * - `dangling-symlink`: a link without a target.
 * - `listed-already`: a folder that was reached on another path.
 * - `special`: a pipe, a socket or a device.
 */
export type SkipReason =
  | "always"
  | "hidden"
  | "gitignored"
  | "excluded"
  | "not-included"
  | "unsupported-type"
  | "binary"
  | "symlink"
  | "dangling-symlink"
  | "listed-already"
  | "special";

/** An event that a folder source reports besides its changes. */
export type FolderEvent =
  /** A file, or a folder with its content, was skipped. */
  | { readonly type: "skipped"; readonly path: string; readonly reason: SkipReason }
  /** A part of a document, such as its front matter, was invalid. The rest is used. */
  | { readonly type: "ignored"; readonly path: string; readonly error: BinnacleError }
  /** A listing has ended. The counts of skipped entries are by reason. */
  | {
      readonly type: "listed";
      readonly isComplete: boolean;
      readonly documents: number;
      readonly unreadable: number;
      readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
    };
