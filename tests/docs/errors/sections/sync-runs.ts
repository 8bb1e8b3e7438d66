import { errorText, type ErrorSection } from "../error-section.ts";

export const syncRuns: ErrorSection = {
  title: "Sync runs",
  codes: {
    mass_delete_refused: errorText(
      "A run would remove more than half, and more than ten, of a scope's documents.",
      "An empty mount, a wrong path, or a deletion that is meant.",
      "If it is meant, pass `allowMassDelete: true`.",
    ),
    lease_held: errorText(
      "Another indexer works on the same source.",
      "A second process, or one that died on another machine less than 30 seconds ago.",
      "Wait and run again, or raise `leaseWaitMs`.",
    ),
    lease_lost: errorText(
      "Another session took the lease on the source.",
      "The process was paused for longer than the lease.",
      "Run again.",
    ),
    fenced: errorText(
      "Another writer of the source has a newer token, so the store wrote nothing.",
      "An old process woke up after its successor began.",
      "Stop this writer. Its successor has the work.",
    ),
    listing_incomplete: errorText(
      "A listing did not reach its end, so nothing was removed there.",
      "The source stopped half-way.",
      "Run again.",
    ),
    listing_aborted: errorText(
      "The source broke off a listing without a reason.",
      "A source of the app's own.",
      "Let the source pass its `error`, and run again.",
    ),
    reindex_differs: errorText(
      "The new collection still differs after several rounds, so the alias was not switched.",
      "The source changed during every round.",
      "Run `reindex` again when the source rests.",
    ),
    sources_missing: errorText(
      "`reindex` would lose documents of sources that were not passed.",
      "Pushed documents, or a source that was forgotten.",
      "Pass all sources, or copy the points instead.",
    ),
    media_ignored: errorText(
      "Documents were indexed without some of their images or other media.",
      "The embedder takes text only, or the media are not PNG, JPEG, GIF or WebP images.",
      "Use an embedder that accepts images, or leave `media` out.",
    ),
    unknown_change: errorText(
      "The source sent a change of a type that this release does not know.",
      "A source that is newer than the retriever.",
      "Update the retriever. The change was ignored.",
    ),
    source_failed: errorText(
      "Reading an app's own documents failed. `cause` has the error.",
      "A database or a network that failed during the listing.",
      "Run again. Nothing was removed.",
    ),
  },
};
