import type { FastifyInstance } from "fastify";
import { replyWithFailure } from "../failures.ts";
import { analyticsModule } from "./analytics/analytics-module.ts";
import { collectionsModule } from "./collections/collections-module.ts";
import { feedbackModule } from "./feedback/feedback-module.ts";
import { embedModule } from "./inference/embed-route.ts";
import { inferenceModule } from "./inference/inference-module.ts";
import { jobsModule } from "./jobs/jobs-module.ts";
import { searchModule } from "./search/search-module.ts";
import { sessionsModule } from "./sessions/sessions-module.ts";
import type { ApiModule, ApiParts } from "./shared/api-parts.ts";
import { storeFault } from "./shared/store-fault.ts";
import { vectorsModule } from "./vectors/vectors-module.ts";

/** The modules of the API, by name. Each mounts without the others. */
export const apiModules = {
  inference: inferenceModule,
  vectors: vectorsModule,
  search: searchModule,
  collections: collectionsModule,
  analytics: analyticsModule,
  jobs: jobsModule,
  sessions: sessionsModule,
  feedback: feedbackModule,
} as const satisfies Readonly<Record<string, ApiModule>>;

/** Mounts modules under `/api/v1`, and `POST /embed`. Refusals of the store become replies that name their cause. */
export async function mountApi(
  app: FastifyInstance,
  parts: ApiParts,
  modules: readonly ApiModule[] = Object.values(apiModules),
): Promise<void> {
  await app.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => replyWithFailure(storeFault(error), request, reply));
    await scope.register(embedModule, { parts });
    for (const one of modules) await scope.register(one, { parts, prefix: "/api/v1" });
  });
}
