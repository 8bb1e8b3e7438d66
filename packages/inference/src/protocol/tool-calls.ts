import type { GenerationEvent } from "@binnacle/core";
import type { ToolCallPart } from "./chat-chunk.ts";

type ToolCallEvent = Extract<GenerationEvent, { type: "tool-call" }>;

interface Call {
  readonly id: string;
  readonly name: string;
}

/** Gives every piece of a tool call the id and the name of its call, which servers send only once. */
export class ToolCalls {
  readonly #calls = new Map<number, Call>();

  /** How many calls have begun. */
  get size(): number {
    return this.#calls.size;
  }

  /** The event of one piece. */
  event(part: ToolCallPart): ToolCallEvent {
    const index = part.index ?? this.#indexOf(part);
    const call = this.#calls.get(index) ?? {
      id: part.id ?? `call_${index}`,
      name: part.function?.name ?? "",
    };
    this.#calls.set(index, call);
    return { type: "tool-call", index, ...call, argumentsDelta: textOf(part.function?.arguments) };
  }

  /** A piece without an index belongs to the call of its id; without a known id it is a new call. */
  #indexOf({ id }: ToolCallPart): number {
    const known = [...this.#calls].find(([, call]) => call.id === id);
    return known?.[0] ?? this.#calls.size;
  }
}

/** Some servers send the arguments as an object in place of its JSON text. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}
