import type { IndexFailure } from "@binnacle/retriever";
import type { FolderEvent, SkipReason } from "@binnacle/retriever/folder";
import { documentLine } from "./document-line.ts";

type Listed = Extract<FolderEvent, { type: "listed" }>;

/** What a folder told beside its documents while it was read. */
export interface FolderListing {
  onEvent(event: FolderEvent): void;
  /** Documents that are indexed without a part of theirs, such as broken front matter. Only what changed is read. */
  ignored(): readonly IndexFailure[];
  /** The same and what was passed over, for people. */
  notes(path: string): readonly string[];
}

export function createFolderListing(): FolderListing {
  const skipped = new Map<string, readonly string[]>();
  const ignored = new Map<string, IndexFailure>();
  let listed: Listed | undefined;
  return {
    onEvent: (event) => {
      if (event.type === "listed") listed = event;
      if (event.type === "skipped") {
        const paths = skipped.get(event.reason) ?? [];
        if (paths.length < mostNamed) skipped.set(event.reason, [...paths, event.path]);
      }
      // A document that is read twice is told of once.
      if (event.type === "ignored") ignored.set(event.path, ignoredPart(event));
    },
    ignored: () => [...ignored.values()],
    notes: (path) => [
      ...(listed === undefined ? [] : listingNotes(listed, skipped, path)),
      ...[...ignored.values()].map(({ documentId, message }) => documentLine(documentId, message)),
    ],
  };
}

/** The first line: a parser's message goes on with an excerpt. */
function ignoredPart({ path, error }: Extract<FolderEvent, { type: "ignored" }>): IndexFailure {
  const [line = ""] = error.message.split("\n");
  return { documentId: path, code: error.code, message: line.replace(/:$/, "") };
}

/** Why something was passed over, in words, and whether most folders have such things, so that nobody wants them told. */
const reasons: Readonly<
  Record<SkipReason, { readonly one: string; readonly many?: string; readonly isUsual: boolean }>
> = {
  "unsupported-type": { one: "binary", isUsual: false },
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

/** More are only counted. */
const mostNamed = 3;

/** Reasons that are called the same. */
interface Told {
  readonly many: string;
  readonly count: number;
  readonly paths: readonly string[];
}

/** What most folders have is told only where there was nothing else. `named`: the first paths of each reason. */
function listingNotes(
  listed: Listed,
  named: ReadonlyMap<string, readonly string[]>,
  path: string,
): readonly string[] {
  const isEmpty = listed.documents === 0 && listed.unreadable === 0;
  const counts = new Map(Object.entries(listed.skipped));
  const told = new Map<string, Told>();
  for (const [reason, { one, many = one, isUsual }] of Object.entries(reasons)) {
    const count = counts.get(reason) ?? 0;
    if (count === 0 || (isUsual && !isEmpty)) continue;
    const { count: others = 0, paths = [] } = told.get(one) ?? {};
    told.set(one, { many, count: others + count, paths: [...paths, ...(named.get(reason) ?? [])] });
  }
  const total = [...told.values()].reduce((sum, { count }) => sum + count, 0);
  const list = [...told].map(([one, { many, count, paths }]) => {
    const names = count > mostNamed ? "" : ` (${paths.toSorted().join(", ")})`;
    return `${count} ${count === 1 ? one : many}${names}`;
  });
  return [
    ...(isEmpty ? [`no readable documents in ${path}`] : []),
    ...(total === 0 ? [] : [`skipped ${total === 1 ? "1 file" : `${total} files`}: ${list.join(", ")}`]),
  ];
}
