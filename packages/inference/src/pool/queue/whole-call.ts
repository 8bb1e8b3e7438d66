import { abortable } from "@binnacle/core/kit";

/** A caller's whole call. The tickets of its slices share it. */
export class WholeCall {
  /** True once a slice has had a replica. From then on the queue does not refuse the call. */
  hasBegun = false;
  #last: Promise<void> | undefined;

  /** Runs the waits of the slices one after the other, so that a large call has one place in the queue. */
  inTurn<T>(wait: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const before = this.#last;
    const waiting = before === undefined ? wait() : abortable(before, signal).then(wait);
    const end: Promise<void> = waiting.then(
      () => this.#end(end),
      () => this.#end(end),
    );
    this.#last = end;
    return waiting;
  }

  #end(end: Promise<void>): void {
    if (this.#last === end) this.#last = undefined;
  }
}
