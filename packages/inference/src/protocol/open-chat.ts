import { readServerSentBatches } from "@binnacle/core/kit";
import type { GenerationItem } from "../generation/timed-generation.ts";
import type { ModelCallOptions, ModelServer } from "../server/model-server.ts";
import { KeptBeginning } from "./answer-beginning.ts";
import { readChatEvents } from "./read-chat-events.ts";

/** Options of {@link openChat}. */
export interface OpenChatOptions {
  /** Path below the server's address, such as `/v1/chat/completions`. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The model's name, used if the server reports none. */
  readonly model: string;
  /** Alternatives per token that the request asked for. @default none */
  readonly logprobs?: number | undefined;
}

/** Sends one chat completion, without retries, and yields its events. */
export async function* openChat(
  server: ModelServer,
  { path, body, ...reading }: OpenChatOptions,
  call: ModelCallOptions,
): AsyncGenerator<readonly GenerationItem[], void, undefined> {
  const answer = await server.stream({ method: "POST", path, json: body }, call);
  const beginning = new KeptBeginning(answer);
  const items = readServerSentBatches(beginning.bytes());
  yield* readChatEvents(items, { ...reading, server, beginning: () => beginning.get() });
}
