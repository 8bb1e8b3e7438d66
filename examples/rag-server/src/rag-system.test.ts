import { once } from "node:events";
import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { openRagSystem } from "./rag-system.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

test.each(["", "yes"])("closes the model backend with BINNACLE_CACHE_ANSWERS=%j", async (cachesAnswers) => {
  const server = createServer().listen(0, "127.0.0.1"); // never answers
  await once(server, "listening");
  const data = await temporaryFolder();
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await data.dispose();
  });
  const address = server.address();
  const environment = {
    BINNACLE_LLM_URL: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    BINNACLE_LLM_MODEL: "fake",
    BINNACLE_LLM_KIND: "openai",
    BINNACLE_CACHE_ANSWERS: cachesAnswers,
  };
  const system = await openRagSystem({ data: data.path, collection: "documents", environment });
  const asked = once(server, "request");
  const running = system.backend?.generate({ messages: [{ role: "user", content: "When?" }] });
  const ended = expect(running).rejects.toMatchObject({ code: "closed" });
  await asked;
  await system.close();
  await ended;
});
