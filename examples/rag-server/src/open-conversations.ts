import { MemoryConversations, type ConversationStore } from "@binnacle/retriever";
import { RedisConversations } from "@binnacle/retriever/redis";
import { readEnvironment } from "./environment.ts";

/** Opens the store of chat sessions: Redis with `REDIS_URL`, for all processes together, else this process's memory. */
export function openConversations(
  environment: NodeJS.ProcessEnv,
  onWarning: (message: string) => void = () => undefined,
): ConversationStore {
  const { redis } = readEnvironment(environment);
  if (redis === undefined) return new MemoryConversations();
  const [url, ...others] = redis.urls;
  return new RedisConversations({
    ...(others.length === 0 ? { url } : { cluster: redis.urls }),
    timeoutMs: 1000, // a lost turn is worse than a short wait
    onEvent: (event) => {
      if (event.type === "failure") onWarning(`REDIS_URL: ${event.error.message}`);
    },
  });
}
