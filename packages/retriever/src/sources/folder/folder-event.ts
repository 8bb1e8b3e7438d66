import type { BinnacleError } from "@binnacle/core";

/**
 * Why something in the folder is not a document: `always` for `.git` and `node_modules`; `hidden` for names that begin
 * with a dot; `gitignored`; `excluded` by `exclude`, `not-included` by `include`; `unsupported-type` for a name known to
 * be no text, `binary` for a content that is none; `symlink`; `dangling-symlink`; `listed-already` for a folder that was
 * reached by another way; `special` for pipes, sockets and devices.
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

/** What a folder source tells beside its changes. */
export type FolderEvent =
  /** A file, or a folder with all it holds, was passed over. */
  | { readonly type: "skipped"; readonly path: string; readonly reason: SkipReason }
  /** A part of a document could not be used, such as its front matter; the rest is. */
  | { readonly type: "ignored"; readonly path: string; readonly error: BinnacleError }
  /** A listing has ended. */
  | {
      readonly type: "listed";
      readonly isComplete: boolean;
      readonly documents: number;
      readonly unreadable: number;
      readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
    };
