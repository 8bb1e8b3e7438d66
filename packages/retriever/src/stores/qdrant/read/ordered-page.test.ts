import type { Metadata } from "@binnacle/core";
import { planOrder } from "@binnacle/core/stores";
import fc from "fast-check";
import { expect, test } from "vitest";
import { METADATA, ok, scriptedServer, type Answer, type SeenRequest } from "../fixtures/scripted-server.ts";
import { chunkPayload } from "../fixtures/chunk-payload.ts";

interface Point {
  readonly id: string;
  readonly metadata: Metadata;
}
interface ScrollBody {
  readonly limit: number;
  readonly offset?: string;
  readonly filter: { readonly must: readonly Condition[] };
  readonly order_by?: { readonly direction: string; readonly start_from?: number };
}
interface Condition {
  readonly range?: { readonly [K in "gt" | "lt" | "gte" | "lte"]?: number };
  readonly must_not?: readonly unknown[];
}

const metadata = { ...METADATA, "binnacle.field.rating": "float" };
const valuesOf = ({ metadata: { rating } }: Point): readonly number[] =>
  [rating].flat().flatMap((value) => (typeof value === "number" ? [value] : []));

function meets(point: Point, { range }: Condition = {}): boolean {
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = range ?? {};
  return valuesOf(point).some((value) => value > gt && value >= gte && value < lt && value <= lte);
}

/** Scrolls as Qdrant does: by value without an order of ties, once for each element of an array. */
function scroll(points: readonly Point[], body: ScrollBody, rounded: (value: number) => number): Answer {
  const record = ({ id, metadata: own }: Point) => ({ id, payload: { ...chunkPayload, _v: 1, m: own } });
  const { limit, offset = "", order_by: order } = body;
  if (!order) {
    const condition = body.filter.must.at(-1);
    const passing = points.filter((point) => {
      if (condition?.must_not) return valuesOf(point).length === 0;
      return meets(point, condition);
    });
    const rest = passing.filter(({ id }) => id >= offset).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return ok({ points: rest.slice(0, limit).map(record), next_page_offset: rest[limit]?.id ?? null });
  }
  const sign = order.direction === "asc" ? 1 : -1;
  const start = order.start_from === undefined ? -Infinity : rounded(sign * order.start_from);
  const entries = points
    .filter((point) => meets(point, body.filter.must.at(-1)))
    .flatMap((point) => valuesOf(point).map((value) => ({ point, value })));
  const found = entries
    .filter(({ value }) => sign * value >= start)
    .sort((a, b) => sign * (a.value - b.value) || (a.point.id < b.point.id ? 1 : -1));
  return ok({
    points: found.slice(0, limit).map(({ point, value }) => ({ ...record(point), order_value: value })),
    next_page_offset: null,
  });
}

const rating = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 3 }),
);
const points = fc.array(fc.option(rating, { nil: undefined }), { maxLength: 14 }).map((list) =>
  list.map((each, i): Point => {
    const id = `00000000-0000-4000-8000-${String((i * 5) % 17).padStart(12, "0")}`;
    return { id, metadata: each === undefined ? {} : { rating: each } };
  }),
);

/** The start that the server reads: exact, or with an error of its parser. */
const parsers = [(value: number) => value, (value: number) => value - 1e-9];

test("yields every point once, in the order of its values, whatever the size of pages", async () => {
  const direction = fc.constantFrom("ascending" as const, "descending" as const);
  await fc.assert(
    fc.asyncProperty(
      points,
      direction,
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom(...parsers),
      async (list, to, pageSize, rounded) => {
        let requests = 0;
        const answer = ({ json }: SeenRequest): Answer => {
          if (++requests > 500) throw new Error("the scan does not end");
          return scroll(list, JSON.parse(JSON.stringify(json)), rounded);
        };
        const { store } = scriptedServer(answer, { metadata });
        const ids: string[] = [];
        const orderBy = { field: "rating", direction: to };
        for await (const { id } of store.collection("docs").scan({ orderBy, pageSize })) ids.push(id);
        const order = planOrder(orderBy, { rating: "float" });
        expect(ids).toEqual(
          list
            .map(order.placeOf)
            .sort(order.compare)
            .map(({ id }) => id),
        );
      },
    ),
    { numRuns: 150 },
  );
});
