/** The ids of the points of each document, so that reading one document does not walk over all points. */
export class DocumentIds {
  readonly #idsOf = new Map<string, Set<string>>();

  /** Returns the ids of the document's points, from all sources. */
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
