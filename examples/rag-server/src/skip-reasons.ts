import type { SkipReason } from "@binnacle/retriever/folder";

/**
 * Words for each reason to skip a file. `isUsual` reasons occur in most folders and are normally not
 * reported.
 */
export const skipReasons: Readonly<
  Record<SkipReason, { readonly one: string; readonly many?: string; readonly isUsual: boolean }>
> = {
  "unsupported-type": { one: "of an unsupported format", isUsual: false },
  binary: { one: "binary", isUsual: false },
  symlink: { one: "symbolic link", many: "symbolic links", isUsual: false },
  "dangling-symlink": { one: "symbolic link to nowhere", many: "symbolic links to nowhere", isUsual: false },
  special: { one: "pipe, socket or device", many: "pipes, sockets or devices", isUsual: false },
  "listed-already": { one: "listed already", isUsual: true },
  always: { one: ".git or node_modules", isUsual: true },
  hidden: { one: "hidden", isUsual: true },
  gitignored: { one: "ignored by .gitignore", isUsual: true },
  excluded: { one: "excluded", isUsual: true },
  "not-included": { one: "not included", isUsual: true },
};
