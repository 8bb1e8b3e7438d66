import {
  ConfigurationError,
  UnsupportedError,
  type CallOptions,
  type CollectionInfo,
  type ConfigurationIssue,
} from "@binnacle/core";
import type { QdrantSettingChange } from "@binnacle/retriever/qdrant";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { visibleCollection } from "../shared/open-collection.ts";
import { failureReplies } from "../shared/replies.ts";
import { nameParams, updateReply, updateRequest, type UpdateRequest } from "./collection-schemas.ts";
import { viewOf } from "./collection-view.ts";

/** Adds `PUT /collections/{name}`. */
export function addUpdate(app: ApiApp, parts: ApiParts): void {
  const { store, running } = parts;
  const schema = {
    summary: "Change a collection, and report every setting that changed.",
    tags: ["collections"],
    params: nameParams,
    body: updateRequest,
    response: { 200: updateReply, ...failureReplies },
  };
  const access = {
    permission: "ManageCollections",
    row: "Q32",
    operatorOnly: true,
    isAudited: true,
  } as const;
  app.put("/collections/:name", { schema, config: { access } }, async (request, reply) => {
    const { store: options } = callsOf(request, reply, running);
    const info = await visibleCollection(store, request.params.name, { request, options });
    const applied = await applyChanges(info, request.body, parts, options);
    const after = await visibleCollection(store, request.params.name, { request, options });
    return { collection: await viewOf(store, after, { request, options }), applied: [...applied] };
  });
}

async function applyChanges(
  info: CollectionInfo,
  { fields, dimensions, metric, tenancy, ...settings }: UpdateRequest,
  { store, changeSettings }: ApiParts,
  options: CallOptions,
): Promise<readonly QdrantSettingChange[]> {
  refuseFixed(info, { dimensions, metric, tenancy });
  const asked = Object.values(settings).some((value) => value !== undefined);
  if (asked && changeSettings === undefined)
    throw new UnsupportedError(`this store has no settings ${Object.keys(settings).join(", ")}; omit them`, {
      capability: "settings",
    });
  const before = info.fields ?? {};
  const { outcome: _, incarnation: __, ...spec } = { outcome: undefined, ...info };
  const after = await store.ensureCollection({ ...spec, fields: { ...before, ...fields } }, options);
  const added = Object.entries(after.fields ?? {}).flatMap(([name, type]) =>
    before[name] === undefined && type !== undefined
      ? [{ setting: `fields.${name}`, from: null, to: type }]
      : [],
  );
  const changed = asked ? ((await changeSettings?.(info.name, settings, options)) ?? []) : [];
  return [...added, ...changed];
}

type Fixed = string | number | undefined;

function refuseFixed(
  info: CollectionInfo,
  { dimensions, metric, tenancy }: Pick<UpdateRequest, "dimensions" | "metric" | "tenancy">,
): void {
  const compared: readonly (readonly [path: string, asked: Fixed, stored: Fixed])[] = [
    ["dimensions", dimensions, info.dense?.dimensions],
    ["metric", metric, info.dense?.metric],
    ["tenancy", tenancy, info.tenancy],
  ];
  const issues = compared.flatMap(([path, asked, stored]): ConfigurationIssue[] => {
    if (asked === undefined || asked === stored) return [];
    const message = `cannot change from ${String(stored)} to ${String(asked)}; fill a new collection`;
    return [{ path, message }];
  });
  if (issues.length === 0) return;
  const list = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
  throw new ConfigurationError(`collection "${info.name}": ${list}`, { code: "cannot_change", issues });
}
