/**
 * A cache and conversations in Redis, for a single server, Sentinel or Cluster.
 *
 * @example
 * {@includeCode ../../../../docs/examples/retriever-redis.ts}
 * @module retriever/redis
 */
export {
  RedisCache,
  type RedisCacheEvent,
  type RedisCacheOptions,
  type RedisSentinelOptions,
  type RedisTlsOptions,
} from "./cache/redis-cache.ts";
export { RedisConversations, type RedisConversationsOptions } from "./conversations/redis-conversations.ts";
