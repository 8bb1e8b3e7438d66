import { fileURLToPath } from "node:url";
import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import staticFiles from "@fastify/static";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { MemoryConversations, type ConversationStore } from "@binnacle/retriever";
import Fastify, { type FastifyInstance } from "fastify";
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { AuditSink } from "../guard/audit-log.ts";
import { createRequestLimit } from "../guard/limits/limit-requests.ts";
import { createMemoryRates } from "../guard/limits/memory-rates.ts";
import type { RateStore } from "../guard/limits/rate-store.ts";
import { registerGuard, type GuardKeys } from "../guard/register-guard.ts";
import { createUsageMeter, type UsageMeter } from "../guard/usage-meter.ts";
import { observeSystem } from "../observe-system.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import { createLocalQueue } from "../jobs/local-queue.ts";
import type { JobParts } from "../jobs/run-task.ts";
import type { RagSystem } from "../rag-system.ts";
import { registerAbout } from "./about-route.ts";
import { apiPartsOf } from "./api-parts-of.ts";
import { registerChat } from "./chat-route.ts";
import { countRequests } from "./count-requests.ts";
import { replyNotFound, replyWithFailure } from "./failures.ts";
import { registerHealth } from "./health-routes.ts";
import { refuseOtherHosts } from "./host-check.ts";
import { readStrictJson } from "./json-body.ts";
import { createSearchLogs } from "./modules/analytics/search-logs.ts";
import { mountApi } from "./modules/mount-api.ts";
import { createLearning } from "./modules/feedback/learning.ts";
import { createSessions } from "./modules/sessions/sessions.ts";
import { metricsModule } from "./modules/observation/metrics-module.ts";
import { usageModule } from "./modules/observation/usage-module.ts";
import { collectRoutes, registerPublic, type RegisteredRoute } from "./modules/shared/access.ts";
import { registerPassage } from "./passage-route.ts";
import { requestIdOf, sendRequestIds } from "./request-ids.ts";
import { createRunningAnswers } from "./running-answers.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** Every route of the app, with its access. */
    apiRoutes(): readonly RegisteredRoute[];
  }
}

/** Options of {@link createApp}. */
export interface AppOptions {
  /** Origins that browsers may call from. @default none */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Host names that requests may be for. @default any */
  readonly hostNames?: readonly string[] | undefined;
  /** The keys that callers need. @default none: every caller has every permission */
  readonly keys?: GuardKeys | undefined;
  /** Requests per minute, route and key, or address without keys. The page and health are not counted.
   * @default 120 */
  readonly requestsPerMinute?: number | undefined;
  /** Counts the requests. The app does not close it. @default the memory of this process */
  readonly rates?: RateStore | undefined;
  /** Meters the use of tenants. The app does not close it. @default the memory of this process */
  readonly meter?: UsageMeter | undefined;
  /** Takes jobs. The app does not close it. @default a queue that this process works off */
  readonly jobs?: JobQueue | undefined;
  /** Keeps the chat sessions. The app does not close it. @default the memory of this process */
  readonly conversations?: ConversationStore | undefined;
  /** Receives every administrative call. @default none */
  readonly audit?: AuditSink | undefined;
  /** Receives the log as lines of JSON. @default stderr */
  readonly log?: { write(line: string): unknown } | undefined;
  /** Milliseconds that running answers may continue after `close()`. Then they are stopped. @default 5000 */
  readonly graceMs?: number | undefined;
}

/** Creates the HTTP API and the chat page over a system. Closing the app does not close the system. */
export async function createApp(raw: RagSystem, options: AppOptions = {}): Promise<FastifyInstance> {
  const observed = observeSystem(raw);
  const { system } = observed;
  const app = Fastify({
    bodyLimit: 64 * 1024,
    forceCloseConnections: true,
    genReqId: requestIdOf,
    routerOptions: { maxParamLength: 512 * 9 }, // an id of 512 characters, each of up to nine escaped bytes
    return503OnClosing: false, // refused below, in the form of every failure
    frameworkErrors: replyWithFailure,
    // stdout belongs to results. Requests are below the log level, because questions and answers are private.
    logger: {
      level: "error",
      stream: options.log ?? process.stderr,
      redact: { paths: ["err.partial"], remove: true },
    },
  });
  const running = createRunningAnswers();
  sendRequestIds(app);
  countRequests(app, observed.telemetry);
  if (options.hostNames) refuseOtherHosts(app, options.hostNames);
  app.addHook("onRequest", async () => running.refuseNew());
  app.addHook("preClose", () => running.stop(options.graceMs ?? 5000));
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  readStrictJson(app);
  app.setErrorHandler(replyWithFailure);
  app.setNotFoundHandler(replyNotFound);
  await app.register(helmet, { contentSecurityPolicy: { directives: pagePolicy } });
  // Before the guard, because a browser's preflight has no key.
  await app.register(cors, { ...corsRules, origin: [...(options.allowedOrigins ?? [])] });
  app.decorate("apiRoutes", collectRoutes(app));
  const rates = options.rates ?? createMemoryRates();
  const limit = createRequestLimit({ rates, perMinute: options.requestsPerMinute ?? 120 });
  const meter = options.meter ?? createUsageMeter();
  registerGuard(app, { keys: options.keys, limit, meter, audit: options.audit });
  await app.register(swagger, {
    openapi: { openapi: "3.1.0", info: apiInfo },
    transform: jsonSchemaTransform,
  });
  const root = fileURLToPath(new URL("../../public", import.meta.url));
  await registerPublic(app, async (page) => {
    await page.register(staticFiles, { root, extensions: ["html"] });
  });
  registerHealth(app, system);
  await registerPublic(app, async (docs) => {
    await docs.register(swaggerUi, { routePrefix: "/docs" });
  });
  const searches = createSearchLogs();
  const sessions = createSessions(options.conversations ?? new MemoryConversations());
  const learning = createLearning(system.store, system.index.embedder ?? system.embedder);
  const shared = { running, meter, searches, sessions, learning };
  registerChat(app, system, shared);
  registerPassage(app, system);
  registerAbout(app, system);
  const parts = apiPartsOf(system, raw.store, shared);
  await mountApi(app, { ...parts, jobs: options.jobs ?? ownJobs(app, parts) });
  await app.register(metricsModule, { observed, prefix: "/api/v1" });
  await app.register(usageModule, { meter, prefix: "/api/v1" });
  return app;
}

const corsRules = {
  methods: ["GET", "HEAD", "POST", "PUT", "DELETE"],
  exposedHeaders: [
    "location",
    "retry-after",
    "x-request-id",
    "idempotency-replayed",
    "ratelimit-limit",
    "ratelimit-remaining",
  ],
};

function ownJobs(app: FastifyInstance, parts: JobParts): JobQueue {
  const jobs = createLocalQueue(parts, { onError: (error) => app.log.error(error) });
  app.addHook("onClose", () => jobs.close());
  return jobs;
}

const apiInfo = {
  title: "Binnacle RAG server",
  description: "Answers questions from indexed documents, with exact citations.",
  version: "0.1.0",
};

// The page loads nothing from elsewhere and runs no inline script.
const pagePolicy = { defaultSrc: ["'self'"], imgSrc: ["'self'", "data:"], upgradeInsecureRequests: null };
