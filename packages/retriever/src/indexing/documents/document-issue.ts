import { BinnacleError, type Document } from "@binnacle/core";

/** Why a document cannot be indexed, whatever it says; undefined if it can. Sources and apps need not be typed. */
export function documentIssue(announcedId: string, document: Document): BinnacleError | undefined {
  const { id, text, mediaType, title, uri } = document;
  if (id !== announcedId)
    return invalid(`the source announced "${announcedId}" and loaded "${id}"; both must be the same id`);
  if (id === "") return invalid("the id is empty; every document needs one of its own");
  if (typeof text !== "string")
    return invalid(`text is ${typeof text}; expected a string, which may be empty`);
  for (const [name, value] of Object.entries({ id, text, mediaType, title, uri }))
    if (value?.isWellFormed() === false)
      return invalid(`${name} holds half of a surrogate pair; use toWellFormed()`);
  return undefined;
}

function invalid(message: string): BinnacleError {
  return new BinnacleError("invalid_document", message);
}
