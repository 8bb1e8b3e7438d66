/** Which points a document has, so that asking for one document's does not walk over all the others. */
export class DocumentIds {
  readonly #idsOf = new Map<string, Set<string>>();

  /** The ids of the points of a document, whichever source it is from. */
  of(documentId: string): Iterable<string> {
    return this.#idsOf.get(documentId) ?? [];
  }

  add(documentId: string, id: string): void {
    const ids = this.#idsOf.get(documentId);
    if (ids === undefined) this.#idsOf.set(documentId, new Set([id]));
    else ids.add(id);
  }

  remove(documentId: string, id: string): void {
    const ids = this.#idsOf.get(documentId);
    ids?.delete(id);
    if (ids?.size === 0) this.#idsOf.delete(documentId);
  }
}
