import type { FolderEvent, SkipReason } from "@binnacle/retriever/folder";

/** What a folder held when it was listed. */
export type FolderListing = Extract<FolderEvent, { type: "listed" }>;

/** Why something was passed over, in words, and whether most folders have such things, so that nobody wants them told. */
const reasons: Readonly<Record<SkipReason, { readonly what: string; readonly isUsual: boolean }>> = {
  "unsupported-type": { what: "binary", isUsual: false },
  binary: { what: "binary", isUsual: false },
  symlink: { what: "symbolic links", isUsual: false },
  "dangling-symlink": { what: "symbolic links to nowhere", isUsual: false },
  special: { what: "pipes, sockets or devices", isUsual: false },
  "listed-already": { what: "listed already", isUsual: true },
  always: { what: ".git or node_modules", isUsual: true },
  hidden: { what: "hidden", isUsual: true },
  gitignored: { what: "ignored by .gitignore", isUsual: true },
  excluded: { what: "excluded", isUsual: true },
  "not-included": { what: "not included", isUsual: true },
};

/** What to tell of a listing beside its documents; what most folders have is told only where there was nothing else. */
export function listingNotes(listing: FolderListing, path: string): readonly string[] {
  const isEmpty = listing.documents === 0 && listing.unreadable === 0;
  const counts = new Map<string, number>();
  const skipped = new Map(Object.entries(listing.skipped));
  for (const [reason, { what, isUsual }] of Object.entries(reasons)) {
    const count = skipped.get(reason) ?? 0;
    if (count > 0 && (isEmpty || !isUsual)) counts.set(what, (counts.get(what) ?? 0) + count);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const files = total === 1 ? "1 file" : `${total} files`;
  const list = [...counts].map(([what, count]) => `${count} ${what}`).join(", ");
  return [
    ...(isEmpty ? [`no readable documents in ${path}`] : []),
    ...(total === 0 ? [] : [`skipped ${files}: ${list}`]),
  ];
}
