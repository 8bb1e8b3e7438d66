/** A tool call of which perhaps only a part has arrived. */
export interface PartialToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text, as far as it had arrived. */
  readonly arguments: string;
}

/** What had arrived of a generation when it failed. */
export interface PartialGeneration {
  /** Empty if no text had arrived. */
  readonly text: string;
  /** Missing if no reasoning had arrived. */
  readonly reasoning?: string | undefined;
  /** Missing if no tool call had arrived. */
  readonly toolCalls?: readonly PartialToolCall[] | undefined;
}
