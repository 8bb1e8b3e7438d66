import { EventStreamDecoder, type ServerSentItem } from "./event-stream-decoder.ts";

/** Options of {@link readServerSentEvents}. */
export interface ServerSentEventsOptions {
  /** Most bytes of one event or line. Longer ones throw an `InvalidResponseError`. @default 16 MiB */
  readonly maxEventBytes?: number | undefined;
}

/**
 * Reads server-sent events from bytes in any pieces. Comments are items too, because they show that the
 * server is alive. An incomplete stream ends with an `unfinished` item. Leaving the loop closes the source.
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
