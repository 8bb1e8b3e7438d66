import type { Exchange } from "./exchange.ts";
import type { HttpFetchResponse } from "./http-fetch.ts";

/** A response body in pieces. */
export interface StreamedBody {
  readonly body: AsyncIterable<Uint8Array>;
  /** Closes the socket if no loop reads the body. */
  discard(): Promise<void>;
}

/** Yields the pieces of a body, ends the exchange after the last one, and throws the exchange's error if it
 * breaks. */
export function streamBody(response: HttpFetchResponse, exchange: Exchange): StreamedBody {
  const pieces = (response.body ?? noPieces())[Symbol.asyncIterator]();
  const reading = handedOn(pieces, exchange);
  const discard = async (): Promise<void> => {
    exchange.end();
    await pieces.return?.();
  };
  const iterator: AsyncIterator<Uint8Array, void, void> = {
    next: () => reading.next(),
    async return() {
      const end = await reading.return();
      await discard(); // a generator that was never started runs no `finally`
      return end;
    },
  };
  return { body: { [Symbol.asyncIterator]: () => iterator }, discard };
}

async function* handedOn(
  pieces: AsyncIterator<Uint8Array>,
  exchange: Exchange,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    for await (const piece of { [Symbol.asyncIterator]: () => pieces }) yield piece;
  } catch (error) {
    throw exchange.failure(error);
  } finally {
    exchange.end();
  }
}

// eslint-disable-next-line require-yield -- an empty body
async function* noPieces(): AsyncGenerator<Uint8Array, void, void> {}
