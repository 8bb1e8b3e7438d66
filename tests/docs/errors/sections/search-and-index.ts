import { errorText, type ErrorSection } from "../error-section.ts";

export const searchAndIndex: ErrorSection = {
  title: "Search and index",
  codes: {
    empty_query: errorText(
      "A query has no word to search for.",
      "An empty question, or an image alone in a lexical search.",
      'Pass at least one word, or use `mode: "dense"` for an image.',
    ),
    wrong_space: errorText(
      "Query and collection have vectors of different models.",
      "The embedding model, its prefixes or its dimensions changed.",
      "Use the collection's model, or index into a new collection.",
    ),
    wrong_encoder: errorText(
      "Query and collection have terms of different sparse encoders.",
      "The encoder's language or options changed.",
      "Use the collection's encoder, or index into a new collection.",
    ),
    collection_mismatch: errorText(
      "A collection of this name exists, but its spec differs.",
      "Another model or other fields, or a collection that another tool created.",
      "Give the index another `name`, sync into it, and switch when it is complete.",
    ),
    not_found: errorText(
      "There is no such collection, document or point.",
      "Nothing was indexed yet, or the name is wrong.",
      "Sync a source first, or correct the name.",
    ),
    image_not_stored: errorText(
      "A point has the vector of an image, and the image is needed again.",
      "`reindex` with another model, without the sources. Collections store no images.",
      "Pass `sources`, so that the images are read again.",
    ),
    is_alias: errorText(
      "The name is an alias, but the call needs a collection.",
      "An alias was passed where a collection is created or deleted.",
      "Use the collection behind the alias.",
    ),
    name_taken: errorText(
      "An alias and a collection cannot share a name.",
      "`reindex` switches an alias, but a collection has the name of the index.",
      "Give the index another name, and pass the collection as `from`.",
    ),
    tenant_required: errorText(
      "The collection has tenants, but the call names no tenant.",
      "`tenant` is missing in `createIndexer` or `createRetriever`.",
      "Pass the tenant of the session.",
    ),
    tenant_forbidden: errorText(
      "The collection has no tenants, but the call names one.",
      'The index was defined without `tenancy: "required"`.',
      "Omit `tenant`, or index into a collection with tenants.",
    ),
    invalid_metadata: errorText(
      "A document's metadata does not fit the index's schema or fields.",
      "A missing or mistyped field, a `Date`, or a key with `undefined`.",
      "Correct the fields in `issues`. Metadata is JSON.",
    ),
    invalid_document: errorText(
      "A document breaks the rules: an empty id, or a text that is not a string.",
      "A mapping error in a source of the app.",
      "Correct the source. The message names the document and the field.",
    ),
    duplicate_document: errorText(
      "A listing shows one id twice. The first document counts.",
      "Ids that are not unique, such as titles.",
      "Use unique ids.",
    ),
    documents_failed: errorText(
      "`throwIfFailed()` found documents that could not be indexed.",
      "See `failures` in the report: each entry has its own code.",
      "Repair these documents. All others are indexed.",
    ),
    not_assigned: errorText(
      "An outcome was recorded for a user who has no variant of the experiment.",
      "`record` was called before `assign`, or the user was forgotten.",
      "Call `assign` first. It returns the variant to show.",
    ),
    conversation_not_found: errorText(
      "The conversation does not exist. It has expired, was deleted, or belongs to another owner.",
      "A session that was not used for `ttlMs`, or a store that was emptied.",
      "Begin a new conversation, or pass the earlier turns as `history`.",
    ),
    conversation_busy: errorText(
      "Another caller has the conversation open.",
      "Two turns of one session at the same time, or a caller that did not close it.",
      "Wait for the end of the running turn. After `openForMs` the conversation can be opened again.",
    ),
    failed_before: errorText(
      "A document failed in an earlier run, and neither it nor the index's configuration changed since.",
      "A record without the first failure's details.",
      "Change the document, or sync with `recheck: true`.",
    ),
  },
};
