import Fastify from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { MemoryConversations, MemoryStore } from "@binnacle/retriever";
import { expect, onTestFinished, test } from "vitest";
import { createMemoryRates } from "../../guard/limits/memory-rates.ts";
import { createRequestLimit } from "../../guard/limits/limit-requests.ts";
import { registerGuard } from "../../guard/register-guard.ts";
import { createUsageMeter } from "../../guard/usage-meter.ts";
import { createRunningAnswers } from "../running-answers.ts";
import { createSearchLogs } from "./analytics/search-logs.ts";
import { createLearning } from "./feedback/learning.ts";
import { createSessions } from "./sessions/sessions.ts";
import { apiModules, mountApi } from "./mount-api.ts";
import { collectRoutes } from "./shared/access.ts";

const folders = {
  inference: "generate",
  vectors: "vectors",
  search: "vectors",
  collections: "collections",
  analytics: "analytics",
  sessions: "sessions",
};

test.each(["inference", "vectors", "search", "collections", "analytics", "sessions"] as const)(
  "mounts the module %s without the others, over any store (Q7)",
  async (name) => {
    const app = Fastify();
    const store = new MemoryStore();
    onTestFinished(async () => {
      await app.close();
      await store.close();
    });
    app.setValidatorCompiler(validatorCompiler);
    app.setSerializerCompiler(serializerCompiler);
    const meter = createUsageMeter();
    const routes = collectRoutes(app);
    registerGuard(app, { meter, limit: createRequestLimit({ rates: createMemoryRates(), perMinute: 100 }) });
    const sessions = createSessions(new MemoryConversations());
    const learning = createLearning(store, undefined);
    const parts = {
      store,
      meter,
      sessions,
      learning,
      running: createRunningAnswers(),
      searches: createSearchLogs(),
    };
    await mountApi(app, parts, [apiModules[name]]);
    await app.ready();
    const paths = routes()
      .map(({ path }) => path)
      .filter((path) => path !== "/embed");
    expect(paths.length).toBeGreaterThan(1);
    for (const path of paths) expect(path).toMatch(new RegExp(`^/api/v1/${folders[name]}`));
  },
);
