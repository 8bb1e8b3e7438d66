import type { JsonValue, Metadata } from "./metadata.ts";

/** The values that a condition on a field of type `T` compares with. For an array they are those of its
 * elements. */
export type FilterOperand<T> = Extract<
  T extends readonly (infer E)[] ? E : T,
  string | number | boolean | null
>;

/**
 * Conditions on one field. All of them must hold. For an array, a condition holds if any element meets it. A
 * missing field differs from a `null`: `$eq: null` matches only a field that is present and null. This
 * interface may grow: a store refuses an operator that it does not know.
 */
export interface FieldCondition<T> {
  /** Equal. Strings are compared whole and case-sensitively, datetimes as instants. */
  readonly $eq?: FilterOperand<T>;
  /** The negation of `$eq`. Also matches a missing field. */
  readonly $ne?: FilterOperand<T>;
  /** Greater than. Numbers and datetimes only. */
  readonly $gt?: Exclude<FilterOperand<T>, boolean | null>;
  /** Greater than or equal. Numbers and datetimes only. */
  readonly $gte?: Exclude<FilterOperand<T>, boolean | null>;
  /** Less than. Numbers and datetimes only. */
  readonly $lt?: Exclude<FilterOperand<T>, boolean | null>;
  /** Less than or equal. Numbers and datetimes only. */
  readonly $lte?: Exclude<FilterOperand<T>, boolean | null>;
  /** Equal to any of these values. An empty list matches nothing. */
  readonly $in?: readonly FilterOperand<T>[];
  /** The negation of `$in`. Also matches a missing field. */
  readonly $nin?: readonly FilterOperand<T>[];
  /** True: the field is present, even if it is null or an empty array. False: the field is missing. */
  readonly $exists?: boolean;
  /** Every word of this string occurs in the field. Upper and lower case are equal, and the elements of an
   * array count as one text. Does not change scores. `text` fields only. */
  readonly $text?: string;
}

/**
 * Selects points by their metadata. The filter runs inside the store. A bare value means `$eq`. All keys of
 * one object must hold.
 *
 * A filter is refused with a `ConfigurationError` that lists its mistakes:
 *
 * - a field that the collection does not declare,
 * - an operator that is unknown or does not fit the field's type,
 * - a key whose value is `undefined`, because a missing value must not widen access to all points.
 */
export type Filter<M extends Metadata = Metadata> = {
  readonly [K in keyof M]?:
    | FilterOperand<Exclude<M[K], undefined>>
    | FieldCondition<Exclude<M[K], undefined>>
    // Metadata with any keys has an index signature, and `$and`, `$or` and `$not` must fit it too.
    | (string extends K ? Filter<M> | readonly Filter<M>[] : never);
} & {
  /** All of these filters match. An empty list matches everything. */
  readonly $and?: readonly Filter<M>[];
  /** At least one of these filters matches. An empty list matches nothing. */
  readonly $or?: readonly Filter<M>[];
  /** This filter does not match. */
  readonly $not?: Filter<M>;
};

/** A filter from outside, before it is checked. */
export type UnparsedFilter = { readonly [key: string]: JsonValue | undefined };
