import type { Collection, Filter, Metadata, StoredPoint, Write } from "@binnacle/core";
import fc from "fast-check";
import { chunk, idOf, pointOf, untyped } from "./row-points.ts";

/** One attempt of a tenant to reach another tenant's points. */
export interface Escape {
  readonly name: string;
  readonly isRead: boolean;
  run(own: Collection): Promise<EscapeResult>;
}

/** The result of an attempt. */
export interface EscapeResult {
  /** The texts of the points that it saw; each tenant's points have its own name as their text. */
  readonly texts: readonly string[];
  /** True if it could tell another tenant's id from an unknown one. */
  readonly isTold?: boolean | undefined;
}

const fields = [
  "kind",
  "year",
  "title",
  "_t",
  "_i",
  "tenant",
  "m.kind",
  "sourceId",
  "__proto__",
  "kind\u0000",
  'kind" OR "1',
];
const operand = fc.oneof(
  fc.constantFrom("a", "b", "", "b page", "_t", null, true, '"', "%", "*", "' OR 1=1 --"),
  fc.integer({ min: -1, max: 4 }),
);
const condition = fc.oneof(
  { weight: 3, arbitrary: operand },
  fc.record({ $eq: operand }),
  fc.record({ $ne: operand }),
  fc.record({ $nin: fc.array(operand, { maxLength: 3 }) }),
  fc.record({ $in: fc.array(operand, { maxLength: 3 }) }),
  fc.record({ $exists: fc.boolean() }),
  fc.record({ $gte: fc.integer({ min: -1, max: 4 }) }),
  fc.record({ $text: fc.constantFrom("page", "a", "b") }),
  fc.constantFrom<object>(
    { should: [] },
    { must_not: [] },
    { has_id: [idOf(1)] },
    { key: "_t", match: { value: "b" } },
  ),
);
/** Mostly fields that the collection declares, so that the store runs the filter. */
const field = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom("kind", "year", "title") },
  fc.constantFrom(...fields),
);
const { filter } = fc.letrec<{ filter: unknown }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small" },
    {
      weight: 5,
      arbitrary: fc.tuple(field, condition).map(([name, value]) => Object.fromEntries([[name, value]])),
    },
    fc.record({ $or: fc.array(tie("filter"), { maxLength: 3 }) }),
    fc.record({ $and: fc.array(tie("filter"), { maxLength: 3 }) }),
    fc.record({ $not: tie("filter") }),
    fc.constantFrom<unknown>({}, { $or: [] }, { $not: { $or: [] } }, [], "b", { $where: "1" }, undefined),
  ),
}));
const wanted = filter.map((value): Filter | undefined => untyped(value));
const number = fc.nat(5);
const dense = fc
  .constantFrom([1, 2, 3, 4], [-1, -2, -3, -4], [0, 0, 0, 1])
  .map((list) => Float32Array.from(list));
const metadata = fc.constantFrom<Metadata>(
  { kind: "b", _t: "b", _i: idOf(1), tenant: "b" },
  { _v: 1, _e: ["kind"], _j: '{"kind":"b"}', m: { kind: "b" } },
  { kind: "a" },
);
const legs = fc.tuple(dense, fc.boolean()).map(([vector, hasTerms]) => {
  const terms = { sparse: { indices: Uint32Array.of(1, 2), values: Float32Array.of(1, 1) } };
  return hasTerms ? ([{ dense: vector }, terms] as const) : ([{ dense: vector }] as const);
});

function read(name: string, run: Escape["run"]): Escape {
  return { name, isRead: true, run };
}
function write(name: string, run: Escape["run"]): Escape {
  return { name, isRead: false, run };
}

const reads = fc.oneof(
  fc
    .tuple(legs, wanted, fc.nat(3))
    .map(([each, given, offset]) =>
      read("search", async (own) =>
        textsOf(await own.search({ legs: each, filter: given, limit: 10, offset })),
      ),
    ),
  wanted.map((given) =>
    read("scan", async (own) => {
      return textsOf(await scanned(own, given));
    }),
  ),
  wanted.map((given) =>
    read("count", async (own) =>
      foreignBy((await own.count({ filter: given })) - (await scanned(own)).length),
    ),
  ),
  fc
    .array(number, { minLength: 1, maxLength: 3 })
    .map((list) =>
      read("get", async (own) =>
        textsOf((await own.get(list.map(idOf))).filter((point) => point !== undefined)),
      ),
    ),
  fc.constant(
    read("term statistics", async (own) => {
      const statistics = await own.termStatistics?.(Uint32Array.of(1));
      return foreignBy((statistics?.points ?? 0) - (await scanned(own)).length);
    }),
  ),
);

const writes = fc.oneof(
  fc
    .tuple(number, metadata)
    .map(([n, given]) =>
      write("upsert", (own) => writing(own, pointOf(n, { chunk: { ...chunk, text: "a" }, metadata: given }))),
    ),
  fc
    .tuple(number, metadata)
    .map(([n, given]) =>
      write("patch", (own) => comparing(own, n, (id) => ({ type: "patch", id, metadata: given }))),
    ),
  fc
    .tuple(number, fc.constantFrom(undefined, 1))
    .map(([n, ifVersion]) =>
      write("delete", (own) => comparing(own, n, (id) => ({ type: "delete", id, ifVersion }))),
    ),
  wanted.map((given) =>
    write("deleteWhere", async (own) => {
      const before = (await scanned(own)).length;
      return foreignBy((await own.deleteWhere({ filter: given })) - before);
    }),
  ),
);

/** Any attempt; reads are as common as writes. */
export const escapeOf: fc.Arbitrary<Escape> = fc.oneof(reads, writes);

/** A result for a number that is larger than the tenant's own points allow. */
function foreignBy(surplus: number): EscapeResult {
  return { texts: Array.from({ length: Math.max(0, surplus) }, () => "counted") };
}

async function scanned(own: Collection, given?: Filter): Promise<readonly StoredPoint[]> {
  const points: StoredPoint[] = [];
  for await (const point of own.scan({ ...(given !== undefined && { filter: given }), pageSize: 1 }))
    points.push(point);
  return points;
}

function textsOf(points: readonly { readonly chunk: { readonly text: string } }[]): EscapeResult {
  return { texts: points.map(({ chunk: { text } }) => text) };
}

async function writing(own: Collection, each: Write): Promise<EscapeResult> {
  await own.write([each]);
  return { texts: [] };
}

/** An id that only the other tenant has must fail like an unknown id. */
async function comparing(own: Collection, n: number, writeOf: (id: string) => Write): Promise<EscapeResult> {
  const unknown = idOf(999);
  const [point] = await own.get([idOf(n)]);
  const answer = async (id: string): Promise<string> => {
    const { failures } = await own.write([writeOf(id)]);
    const [failure] = failures.values();
    return failure ? `${failure.code}: ${failure.message.replaceAll(id, "ID")}` : "done";
  };
  const [foreign, nobodys] = [await answer(idOf(n)), await answer(unknown)];
  return { texts: [], isTold: point === undefined && foreign !== nobodys };
}
