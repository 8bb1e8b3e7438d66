import { BinnacleError, type Write } from "@binnacle/core";
import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf, type Calls } from "../shared/calls.ts";
import { createIdempotency } from "../shared/idempotency.ts";
import { itemFailure } from "../shared/item-failure.ts";
import { newId } from "../shared/new-id.ts";
import { openCollection } from "../shared/open-collection.ts";
import { pointOf } from "../shared/point-names.ts";
import { failureReplies } from "../shared/replies.ts";
import { requirePermissions } from "../shared/require-permissions.ts";
import { pointWrites } from "./point-writes.ts";
import { changedPoints } from "./changed-points.ts";
import type { WritableSpace } from "./store-one.ts";
import { batchReply, batchRequest, type Operation, type Outcome } from "./vector-schemas.ts";

/** Most bytes of one batch. */
const maxBytes = 8 * 1024 * 1024;

const doneWord = { upsert: "stored", update: "updated", delete: "deleted" } as const;

/** Adds `POST /vectors/batch`. */
export function addBatch(app: ApiApp, { store, embedder, sparse, running }: ApiParts): void {
  const memory = createIdempotency<z.output<typeof batchReply>>({ isWhole: ({ failed }) => failed === 0 });
  const schema = {
    summary: "Store, update and delete many points, with an outcome for each.",
    description:
      "Operations are applied in order. The status is 207 if some failed. A repeat under the same idempotency key applies the failed ones again, and those after them with the same id. Updates need the permission UpdateVectors, deletes DeleteVectors.",
    tags: ["vectors"],
    body: batchRequest,
    response: { 200: batchReply, 207: batchReply, ...failureReplies },
  };
  const config = { access: { permission: "InsertVectors", row: "Q21" } } as const;
  app.post("/vectors/batch", { schema, config, bodyLimit: maxBytes }, async (request, reply) => {
    const { collection, operations } = request.body;
    requireRights(request, operations);
    const calls = callsOf(request, reply, running);
    const done = await memory.once(request, reply, async (earlier) => {
      const opened = await openCollection(store, collection, { request, options: calls.store });
      const named = operations.map((operation, i) => ({
        ...operation,
        id: operation.id ?? newId(request, i),
      }));
      const before = keptOutcomes(earlier?.outcomes ?? []);
      const open = named.filter((_, i) => before[i] === undefined);
      const applied = (await applyAll(open, { ...opened, embedder, sparse }, calls)).values();
      const outcomes = named.flatMap((_, index) => {
        const outcome = before[index] ?? applied.next().value;
        return outcome === undefined ? [] : [{ ...outcome, index }];
      });
      const failed = outcomes.filter(({ status }) => status === "failed").length;
      return { collection, succeeded: outcomes.length - failed, failed, outcomes };
    });
    return await reply.status(done.failed === 0 ? 200 : 207).send(done);
  });
}

/**
 * Returns the outcomes that a repeated request keeps. From the first failure of an id on, its operations are
 * applied again, so that the last one still wins.
 */
function keptOutcomes(outcomes: readonly Outcome[]): readonly (Outcome | undefined)[] {
  const failed = new Set<string>();
  return outcomes.map((outcome) => {
    if (outcome.status === "failed") failed.add(outcome.id);
    return failed.has(outcome.id) ? undefined : outcome;
  });
}

type NamedOperation = Operation & { readonly id: string };

function requireRights({ principal }: FastifyRequest, operations: readonly Operation[]): void {
  const has = (op: Operation["op"]): boolean => operations.some((operation) => operation.op === op);
  requirePermissions(principal, [
    ...(has("update") ? (["UpdateVectors"] as const) : []),
    ...(has("delete") ? (["DeleteVectors"] as const) : []),
  ]);
}

async function applyAll(
  operations: readonly NamedOperation[],
  space: WritableSpace,
  calls: Calls,
): Promise<Outcome[]> {
  const planned = await writesOf(operations, space, calls);
  const writes = planned.flatMap((write, index) =>
    BinnacleError.isInstance(write) ? [] : [{ index, write }],
  );
  const { failures } = await space.points.write(
    writes.map(({ write }) => write),
    calls.store,
  );
  const errors = new Map(
    [...failures].flatMap(([position, error]) => {
      const index = writes[position]?.index;
      return index === undefined ? [] : [[index, error] as const];
    }),
  );
  return operations.map(({ op, id }, index) => {
    const write = planned[index];
    const error = BinnacleError.isInstance(write) ? write : errors.get(index);
    if (error === undefined) return { index, id, status: doneWord[op] };
    return { index, id, status: "failed", error: itemFailure(error) };
  });
}

async function writesOf(
  operations: readonly NamedOperation[],
  space: WritableSpace,
  calls: Calls,
): Promise<readonly (Write | BinnacleError)[]> {
  const upserts = operations.filter((operation) => operation.op === "upsert");
  const updates = operations.filter((operation) => operation.op === "update");
  const [stored, changed] = await Promise.all([
    pointWrites(upserts, space, calls),
    changedPoints(updates, space, calls),
  ]);
  const [nextStored, nextChanged] = [stored.values(), changed.values()];
  return operations.map((operation): Write | BinnacleError => {
    if (operation.op === "delete") {
      const { id, expected_version: ifVersion } = operation;
      return {
        type: "delete",
        id: pointOf(id, space.tenant),
        ...(ifVersion === undefined ? {} : { ifVersion }),
      };
    }
    const next = operation.op === "upsert" ? nextStored.next() : nextChanged.next();
    return next.done === true ? new BinnacleError("invalid_write", "no write was made") : next.value;
  });
}
