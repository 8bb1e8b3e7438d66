import { BinnacleError } from "@binnacle/core";

/** The documents that a listing, or the end of a scope, would remove. */
export interface MassDeletion {
  /** Empty: documents of unknown scope. */
  readonly scope: string;
  /** Number of documents that would be removed. */
  readonly documents: number;
  /** Number of documents that the scope has. */
  readonly known: number;
}

/**
 * A refused deletion: a listing, or the end of a scope, would remove more than half, and more than ten, of a
 * scope's documents. All of them are kept.
 */
export class MassDeleteError extends BinnacleError implements MassDeletion {
  readonly scope: string;
  readonly documents: number;
  readonly known: number;

  constructor({ scope, documents, known }: MassDeletion) {
    const what = scope === "" ? "everything that the source lists" : `the listing of "${scope}"`;
    super(
      "mass_delete_refused",
      `${what} would remove ${documents} of its ${known} documents, so none is removed. If the source is really that much smaller, run again with allowMassDelete; else check where it points`,
    );
    this.scope = scope;
    this.documents = documents;
    this.known = known;
  }
}
