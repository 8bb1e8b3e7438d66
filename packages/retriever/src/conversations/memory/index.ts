export { MemoryConversations, type MemoryConversationsOptions } from "./memory-conversations.ts";
