import { clusterCollection, type PointCluster } from "@binnacle/retriever/analytics";
import { z } from "zod";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { collectionField, filter, numbers } from "../shared/fields.ts";
import { openCollection } from "../shared/open-collection.ts";
import { pointOf } from "../shared/point-names.ts";
import { failureReplies } from "../shared/replies.ts";
import { tookMs } from "./hit-replies.ts";

const clusterRequest = z.strictObject({
  collection: collectionField,
  clusters: z
    .union([z.literal("auto"), z.int().min(1).max(200)])
    .default("auto")
    .describe("Number of clusters. auto: the number with the best separation."),
  max_points: z.int().min(1).max(20_000).default(5000).describe("A larger collection is sampled."),
  seed: z.int().min(0).default(1).describe("The same seed gives the same clusters."),
  exemplars: z.int().min(0).max(20).default(3),
  filter: filter.optional(),
  include_centroids: z.boolean().default(false),
});

const clusterReply = z.object({
  collection: z.string(),
  clusters: z.array(
    z.object({
      size: z.int(),
      share: z.number(),
      cohesion: z.number().describe("Mean cosine of the points and the centroid."),
      terms: z.array(z.string()).describe("Words that distinguish the cluster."),
      exemplars: z.array(z.object({ id: z.string(), title: z.string().optional(), text: z.string() })),
      centroid: numbers.optional(),
    }),
  ),
  silhouette: z.number().describe("Separation of the clusters, from -1 to 1."),
  sampled: z.int(),
  total: z.int(),
  took_ms: z.number(),
});

/** Adds `POST /vectors/cluster`. */
export function addCluster(app: ApiApp, { store, running }: ApiParts): void {
  const schema = {
    summary: "Group the points of a collection by meaning.",
    tags: ["search"],
    body: clusterRequest,
    response: { 200: clusterReply, ...failureReplies },
  };
  const config = { access: { permission: "SearchVectors", row: "Q28" } } as const;
  app.post("/vectors/cluster", { schema, config }, async (request, reply) => {
    const startedAt = performance.now();
    const { collection, clusters, seed, exemplars, filter: where, ...rest } = request.body;
    const { store: options } = callsOf(request, reply, running);
    const { points, tenant } = await openCollection(store, collection, { request, options });
    const settings = { clusters, seed, exemplars, maxPoints: rest.max_points };
    const found = await clusterCollection(points, {
      ...options,
      ...settings,
      ...(where && { filter: where }),
    });
    const { silhouette, sampled, total } = found;
    const described = found.clusters.map((one) =>
      clusterOf(one, { tenant, withCentroid: rest.include_centroids }),
    );
    return { collection, clusters: described, silhouette, sampled, total, took_ms: tookMs(startedAt) };
  });
}

function clusterOf(
  { size, share, cohesion, terms, exemplars, centroid }: PointCluster,
  { tenant, withCentroid }: { readonly tenant: string | undefined; readonly withCentroid: boolean },
): z.output<typeof clusterReply>["clusters"][number] {
  return {
    size,
    share,
    cohesion,
    terms: [...terms],
    exemplars: exemplars.map(({ id, documentId, title, text }) => {
      // A point of the API is known by its own id.
      return { id: pointOf(documentId, tenant) === id ? documentId : id, title, text };
    }),
    ...(withCentroid && { centroid: [...centroid] }),
  };
}
