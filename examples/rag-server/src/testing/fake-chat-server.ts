import type { FinishReason } from "@binnacle/core";
import { fakeServer } from "./fake-server.ts";

/**
 * Starts a server of the OpenAI protocol that gives one answer to every question, and returns its
 * environment.
 */
export async function fakeChatServer(
  answer: string,
  finishReason: FinishReason = "stop",
): Promise<NodeJS.ProcessEnv> {
  const chunk = (delta: object, reason: string | null): string => {
    const choices = [{ index: 0, delta, finish_reason: reason }];
    const about = { id: "1", object: "chat.completion.chunk", created: 0, model: "fake" };
    return `data: ${JSON.stringify({ ...about, choices })}\n\n`;
  };
  const url = await fakeServer(({ method }, response) => {
    if (method === "GET") {
      const models = { object: "list", data: [{ id: "fake", object: "model" }] };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(models));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const end = chunk({}, finishReason.replace("-", "_"));
    response.end(`${chunk({ role: "assistant", content: answer }, null)}${end}data: [DONE]\n\n`);
  });
  return { BINNACLE_LLM_URL: url, BINNACLE_LLM_MODEL: "fake", BINNACLE_LLM_KIND: "openai" };
}
