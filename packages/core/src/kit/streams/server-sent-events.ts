import { EventStreamDecoder, type ServerSentItem } from "./event-stream-decoder.ts";

/** Options of {@link readServerSentEvents}. */
export interface ServerSentEventsOptions {
  /** Most bytes of one event or line; a longer one throws `InvalidResponseError`. @default 16 MiB */
  readonly maxEventBytes?: number | undefined;
}

/**
 * Reads a stream of server-sent events from bytes that may be cut anywhere. Comments are items too, so that they can be
 * counted as signs of life; a stream that was cut ends with an `unfinished` item. Leaving the loop closes the source.
 */
export async function* readServerSentEvents(
  bytes: AsyncIterable<Uint8Array>,
  options: ServerSentEventsOptions = {},
): AsyncGenerator<ServerSentItem, void, void> {
  const decoder = new EventStreamDecoder(options.maxEventBytes ?? 16 * 2 ** 20);
  for await (const piece of bytes) {
    for (const item of decoder.push(piece)) yield item;
  }
  for (const item of decoder.end()) yield item;
}
