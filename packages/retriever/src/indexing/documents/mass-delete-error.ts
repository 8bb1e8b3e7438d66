import { BinnacleError } from "@binnacle/core";

/** A listing would have removed more than half, and more than ten, of what it had. Nothing of it is removed. */
export class MassDeleteError extends BinnacleError {
  /** How many documents were to be removed. */
  readonly documents: number;
  /** How many there were. */
  readonly known: number;

  constructor(scope: string, documents: number, known: number) {
    super(
      "mass_delete_refused",
      `the listing of "${scope}" would remove ${documents} of its ${known} documents, so none is removed. If the source is really that much smaller, run again with allowMassDelete; else check where it points`,
    );
    this.documents = documents;
    this.known = known;
  }
}
