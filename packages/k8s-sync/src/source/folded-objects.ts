import { createFoldBook, type FoldBook, type FoldedFacts } from "../folding/create-fold-book.ts";
import type { FoldedObject } from "../folding/folded-fact.ts";

/** A scope whose documents tell folded objects. */
export interface FoldingFeed {
  /** Computes the version of a document again and reports it if it has changed. */
  refold(documentId: string): void;
}

interface Owner {
  readonly feed: FoldingFeed;
  readonly documentId: string;
}

/** The objects of one run that other objects' documents describe, and those documents. */
export class FoldedObjects {
  readonly #book: FoldBook = createFoldBook();
  readonly #owners: Map<string, Owner> = new Map();
  readonly #onUnknown: (key: string) => void;

  /** `onUnknown` gets the key of each document that has new facts and was not shown in this run. */
  constructor(onUnknown: (key: string) => void) {
    this.#onUnknown = onUnknown;
  }

  /** Notes the document of an object. */
  own(key: string, owner: Owner): void {
    this.#owners.set(key, owner);
  }

  /** Forgets the document of an object, unless a newer object has its name. */
  disown(key: string, documentId: string): void {
    if (this.#owners.get(key)?.documentId === documentId) this.#owners.delete(key);
  }

  /** Folds an object. The documents that tell it are reported again if they change. */
  put(uid: string, folded: FoldedObject, ownKey: string): void {
    this.#refold(this.#book.put(uid, folded, ownKey));
  }

  /** Forgets a folded object. */
  remove(uid: string): void {
    this.#refold(this.#book.remove(uid));
  }

  factsOf(key: string): FoldedFacts | undefined {
    return this.#book.factsOf(key);
  }

  #refold(keys: readonly string[]): void {
    for (const key of keys) {
      const owner = this.#owners.get(key);
      if (owner === undefined) this.#onUnknown(key);
      else owner.feed.refold(owner.documentId);
    }
  }
}
