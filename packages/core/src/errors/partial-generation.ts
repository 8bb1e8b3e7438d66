/** A tool call that may be incomplete. */
export interface PartialToolCall {
  readonly id: string;
  readonly name: string;
  /** The part of the JSON text that arrived. */
  readonly arguments: string;
}

/** The part of a generation that arrived before it failed. */
export interface PartialGeneration {
  /** Empty if no text arrived. */
  readonly text: string;
  /** Missing if no reasoning arrived. */
  readonly reasoning?: string | undefined;
  /** Missing if no tool call arrived. */
  readonly toolCalls?: readonly PartialToolCall[] | undefined;
}
