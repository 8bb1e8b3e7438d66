import type { ScanOrder } from "../../spec/collection.ts";
import type { FieldType, Metadata, MetadataFields } from "../../spec/metadata.ts";
import { declaredType, ORDERED_TYPES, positionsOf, type Position } from "./field-values.ts";

/** A point's place in an ordered scan. */
export interface ScanPlace {
  /** Undefined for a point without the field. */
  readonly position: Position | undefined;
  readonly id: string;
}

/** A checked {@link ScanOrder}. */
export interface OrderPlan {
  readonly field: string;
  readonly type: FieldType;
  readonly direction: "ascending" | "descending";
  /** Returns a point's place. */
  readonly placeOf: (point: { readonly id: string; readonly metadata: Metadata }) => ScanPlace;
  /** Returns the positions of all elements of a point's field. */
  readonly positionsOf: (point: { readonly metadata: Metadata }) => readonly Position[];
  /** Orders places. */
  readonly compare: (a: ScanPlace, b: ScanPlace) => number;
}

/** Checks an order against the declared fields. Throws a `ConfigurationError`. */
export function planOrder({ field, direction }: ScanOrder, fields: MetadataFields): OrderPlan {
  const type = declaredType("scan: orderBy.field", field, fields, ORDERED_TYPES);
  const sign = direction === "ascending" ? 1 : -1;
  const first = (positions: readonly Position[]): Position | undefined => {
    let [best] = positions;
    for (const each of positions) if (best === undefined || sign * order(each, best) < 0) best = each;
    return best;
  };
  return {
    field,
    type,
    direction,
    placeOf: ({ id, metadata }) => ({ position: first(positionsOf(metadata, { field, type })), id }),
    positionsOf: ({ metadata }) => positionsOf(metadata, { field, type }),
    compare: (a, b) => {
      if (a.position === undefined || b.position === undefined)
        return Number(a.position === undefined) - Number(b.position === undefined) || order(a.id, b.id);
      return sign * order(a.position, b.position) || order(a.id, b.id);
    },
  };
}

function order<T extends Position | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
