import { errorText, type ErrorSection } from "../error-section.ts";

export const stores: ErrorSection = {
  title: "Stores",
  codes: {
    file_unusable: errorText(
      "The store's file cannot be opened.",
      "A missing folder, missing permissions, or a path that is a folder.",
      "Create the folder, or allow writing.",
    ),
    foreign_file: errorText(
      "The file is not a Binnacle store. It was not changed.",
      "A wrong path.",
      "Name another path.",
    ),
    schema_version: errorText(
      "The file was written by a release that uses another schema.",
      "A downgrade.",
      "Use the release that wrote the file, or index into a new file.",
    ),
    file_corrupt: errorText(
      "The file is damaged.",
      "A disk error, or a copy that was made during a write.",
      "Restore a backup, or delete the file and sync again.",
    ),
    disk_full: errorText("The disk has no space left.", "A full disk.", "Free some space and run again."),
    storage_failed: errorText(
      "Reading or writing the file failed.",
      "A disk or file system error.",
      "Look at `cause`, then try again.",
    ),
    worker_failed: errorText(
      "The store's worker thread ended. Everything that was acknowledged is in the file.",
      "Often a lack of memory.",
      "Repeat the call.",
    ),
    worker_missing: errorText(
      "The store's worker file is not where it must be.",
      "A bundler packed the retriever into one file.",
      "Exclude `@binnacle/retriever` from the bundle.",
    ),
    index_too_large: errorText(
      "The search needs more memory than `maxIndexBytes`.",
      "A large collection in an embedded store.",
      "Raise `maxIndexBytes`, split the collection by tenant, or use Qdrant.",
    ),
    store_full: errorText(
      "The store has no room left.",
      "`maxBytes` of a `MemoryStore` is reached, or the Qdrant server's disk is full.",
      "Raise the limit, or free some space.",
    ),
    version_conflict: errorText(
      "A conditional write met another version of the point.",
      "Another writer was faster.",
      "Read the point again, then write.",
    ),
    checksum_mismatch: errorText(
      "The bytes of a snapshot do not have the expected SHA-256.",
      "A download that broke, or another file.",
      "Download the snapshot again.",
    ),
    snapshot_damaged: errorText(
      "The bytes are not a usable snapshot of this store.",
      "Another kind of store or file, or a damaged copy.",
      "Use a snapshot that this kind of store made.",
    ),
    wrong_source: errorText(
      "A fenced write touches a point of another source.",
      "A writer's fence and its points do not belong together.",
      "Use a fence of the point's own source, or no fence.",
    ),
    invalid_id: errorText(
      "A point's id is not a lower-case UUID.",
      "An id of the app's own.",
      "Use `pointId()`.",
    ),
    invalid_write: errorText(
      "A write has an unknown `type`.",
      "A typing error.",
      "Use `upsert`, `patch` or `delete`.",
    ),
    invalid_chunk: errorText(
      "A chunk breaks the rules, such as a text that differs from its range.",
      "A chunker of the app's own.",
      "Run `chunkerContract` against the chunker.",
    ),
    invalid_vector: errorText(
      "A vector has the wrong length or a value that is not finite.",
      "Another model, or an embedder that fails silently.",
      "Check the embedder's `dimensions`.",
    ),
    strict_mode: errorText(
      "Qdrant's strict mode refuses the request.",
      "A limit in the collection's `strict_mode_config`.",
      "Raise the limit that the message names.",
    ),
    rate_limited: errorText(
      "One request costs more than Qdrant's rate limit ever allows.",
      "A large batch and a low limit.",
      "Raise the limit, or send smaller batches.",
    ),
    too_large: errorText(
      "Qdrant refuses the request as too large.",
      "A batch above the server's or a proxy's limit.",
      "Lower `batch.maxBytes`.",
    ),
    cannot_change: errorText(
      "A setting of an existing Qdrant collection cannot change in this way.",
      "A setting that is fixed at creation, or a value that the server does not accept.",
      "Read `issues`, or index into a new collection.",
    ),
    not_applied: errorText(
      "Qdrant reported success but did not change the setting.",
      "A server version that does not know the setting.",
      "Check the server's version.",
    ),
    not_confirmed: errorText(
      "Qdrant accepted a write but did not confirm it in time.",
      "A busy server.",
      "Write the same again.",
    ),
    not_restored: errorText(
      "After a bulk load the collection's indexing threshold was not set back.",
      "The server failed at the end of the load.",
      "Run `bulkLoad` again.",
    ),
    optimization_failed: errorText(
      "Qdrant could not build its index.",
      "Often a lack of memory or disk space.",
      "Look at the server's log.",
    ),
  },
};
