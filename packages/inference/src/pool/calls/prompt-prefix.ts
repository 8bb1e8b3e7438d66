import type { GenerateRequest } from "@binnacle/core";

const mostCharacters = 8_192;

/**
 * Returns the part of a conversation that its later turns share: everything up to the first message of the
 * user. Requests with the same prefix prefer the same replica, whose prompt cache may hold it.
 */
export function promptPrefix({ messages, model = "", adapter = "" }: GenerateRequest): string {
  const firstQuestion = messages.findIndex(({ role }) => role === "user");
  const shared = messages.slice(0, firstQuestion + 1);
  const texts = shared.flatMap(({ content }) =>
    typeof content === "string" ? [content] : content.map((part) => (part.type === "text" ? part.text : "")),
  );
  return [model, adapter, ...texts].join("\u0000").slice(0, mostCharacters);
}
