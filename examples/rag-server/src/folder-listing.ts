import type { IndexFailure } from "@binnacle/retriever";
import type { FolderEvent } from "@binnacle/retriever/folder";
import { documentLine } from "./document-line.ts";
import { skipReasons } from "./skip-reasons.ts";

type Listed = Extract<FolderEvent, { type: "listed" }>;

/** Collects what a folder source reports beside its documents. */
export interface FolderListing {
  onEvent(event: FolderEvent): void;
  /**
   * Documents that are indexed without a part of theirs, such as broken front matter. Unchanged documents are
   * not read and so not included.
   */
  ignored(): readonly IndexFailure[];
  /** The files that were skipped because their format or content cannot be read, at most 1,000. */
  skipped(): readonly SkippedFile[];
  /** The same documents and the skipped files, as lines for people. */
  notes(path: string): readonly string[];
}

/** A file that cannot be read, so that no question finds it. */
export interface SkippedFile {
  readonly path: string;
  readonly reason: "unsupported-type" | "binary";
}

const mostSkipped = 1_000;

export function createFolderListing(): FolderListing {
  const skipped = new Map<string, readonly string[]>();
  const ignored = new Map<string, IndexFailure>();
  const unread = new Map<string, SkippedFile>();
  let listed: Listed | undefined;
  return {
    onEvent: (event) => {
      if (event.type === "listed") listed = event;
      if (event.type === "skipped") {
        const paths = skipped.get(event.reason) ?? [];
        if (paths.length < mostNamed) skipped.set(event.reason, [...paths, event.path]);
        const { path, reason } = event;
        if ((reason === "unsupported-type" || reason === "binary") && unread.size < mostSkipped)
          unread.set(path, { path, reason });
      }
      // A document may be read twice but is reported once.
      if (event.type === "ignored") ignored.set(event.path, ignoredPart(event));
    },
    ignored: () => [...ignored.values()],
    skipped: () => [...unread.values()],
    notes: (path) => [
      ...(listed === undefined ? [] : listingNotes(listed, skipped, path)),
      ...[...ignored.values()].map(({ documentId, message }) => documentLine(documentId, message)),
    ],
  };
}

/** Keeps the first line of the message, because a parser adds an excerpt after it. */
function ignoredPart({ path, error }: Extract<FolderEvent, { type: "ignored" }>): IndexFailure {
  const [line = ""] = error.message.split("\n");
  return { documentId: path, code: error.code, message: line.replace(/:$/, "") };
}

/** More files of one reason are only counted; `list` names them. */
const mostNamed = 3;

/** Reasons with the same words. */
interface Told {
  readonly many: string;
  readonly count: number;
  readonly paths: readonly string[];
}

/**
 * Returns lines about the skipped files. Usual reasons are included only if there was nothing to index.
 * `named` holds the first paths of each reason.
 */
function listingNotes(
  listed: Listed,
  named: ReadonlyMap<string, readonly string[]>,
  path: string,
): readonly string[] {
  const isEmpty = listed.documents === 0 && listed.unreadable === 0;
  const counts = new Map(Object.entries(listed.skipped));
  const told = new Map<string, Told>();
  for (const [reason, { one, many = one, isUsual }] of Object.entries(skipReasons)) {
    const count = counts.get(reason) ?? 0;
    if (count === 0 || (isUsual && !isEmpty)) continue;
    const { count: others = 0, paths = [] } = told.get(one) ?? {};
    told.set(one, { many, count: others + count, paths: [...paths, ...(named.get(reason) ?? [])] });
  }
  const total = [...told.values()].reduce((sum, { count }) => sum + count, 0);
  const list = [...told].map(([one, { many, count, paths }]) => {
    const shown = paths.toSorted().slice(0, mostNamed);
    const more = count > shown.length ? ` and ${count - shown.length} more` : "";
    return `${count} ${count === 1 ? one : many} (${shown.join(", ")}${more})`;
  });
  return [
    ...(isEmpty ? [`no readable documents in ${path}`] : []),
    ...(total === 0 ? [] : [`skipped ${total === 1 ? "1 file" : `${total} files`}: ${list.join(", ")}`]),
  ];
}
