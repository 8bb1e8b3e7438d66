import { EventStreamDecoder, type ServerSentItem } from "./event-stream-decoder.ts";

/** Options of {@link readServerSentEvents}. */
export interface ServerSentEventsOptions {
  /** Most characters of one event or line. Longer ones throw an `InvalidResponseError`. @default 16_777_216 */
  readonly maxEventLength?: number | undefined;
}

/**
 * Like {@link readServerSentEvents}, but yields all items of one piece of bytes together. A stream with many
 * short events is read several times faster that way. A list is never empty.
 */
export async function* readServerSentBatches(
  bytes: AsyncIterable<Uint8Array>,
  options: ServerSentEventsOptions = {},
): AsyncGenerator<readonly ServerSentItem[], void, void> {
  const decoder = new EventStreamDecoder(options.maxEventLength ?? 16 * 2 ** 20);
  for await (const piece of bytes) {
    const items: ServerSentItem[] = [];
    try {
      decoder.push(piece, items);
    } catch (error) {
      if (items.length > 0) yield items; // they came before the fault
      throw error;
    }
    if (items.length > 0) yield items;
  }
  if (decoder.end()) yield [{ type: "unfinished" }];
}

/**
 * Reads server-sent events from bytes in any pieces. Comments are items too, because they show that the
 * server is alive. An incomplete stream ends with an `unfinished` item. Leaving the loop closes the source.
 */
export async function* readServerSentEvents(
  bytes: AsyncIterable<Uint8Array>,
  options: ServerSentEventsOptions = {},
): AsyncGenerator<ServerSentItem, void, void> {
  for await (const items of readServerSentBatches(bytes, options)) yield* items;
}
