import type { GenerationEvent } from "@binnacle/core";
import type { ToolCallPart } from "./chat-chunk.ts";

type ToolCallEvent = Extract<GenerationEvent, { type: "tool-call" }>;

interface Call {
  /** The server's id. Undefined until the server sends one. */
  readonly id: string | undefined;
  readonly name: string;
}

/**
 * Gives every piece of a tool call the index, id and name of its call, which servers send only once or never.
 */
export class ToolCalls {
  readonly #calls: Call[] = [];
  /** Positions in `#calls` by the server's own index. */
  readonly #places = new Map<number, number>();

  /** Number of calls that have begun. */
  get size(): number {
    return this.#calls.length;
  }

  /** Returns the event of one piece. */
  event(part: ToolCallPart): ToolCallEvent {
    // Some servers send an empty string where others leave out the id or the name.
    const id = part.id || undefined;
    const name = part.function?.name || undefined;
    const index = this.#placeOf(part.index ?? undefined, id, name);
    const before = this.#calls[index];
    const call: Call = { id: before?.id ?? id, name: before?.name || (name ?? "") };
    this.#calls[index] = call;
    const argumentsDelta = textOf(part.function?.arguments);
    return { type: "tool-call", index, id: call.id ?? `call_${index}`, name: call.name, argumentsDelta };
  }

  #placeOf(wireIndex: number | undefined, id: string | undefined, name: string | undefined): number {
    if (wireIndex === undefined) return this.#placeWithoutIndex(id, name);
    const place = this.#places.get(wireIndex);
    const known = place === undefined ? undefined : this.#calls[place];
    const isNew = known === undefined || (id !== undefined && known.id !== undefined && known.id !== id);
    if (place !== undefined && !isNew) return place;
    this.#places.set(wireIndex, this.#calls.length);
    return this.#calls.length;
  }

  /**
   * Returns the place of a piece. A known id names its call. A piece with neither id nor name continues the
   * last call. Any other piece begins a new call.
   */
  #placeWithoutIndex(id: string | undefined, name: string | undefined): number {
    const known = id === undefined ? -1 : this.#calls.findIndex((call) => call.id === id);
    if (known >= 0) return known;
    const continues = id === undefined && name === undefined && this.#calls.length > 0;
    return continues ? this.#calls.length - 1 : this.#calls.length;
  }
}

/** Returns the arguments as text. Some servers send them as an object instead of JSON text. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}
