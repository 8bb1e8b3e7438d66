import type { JsonValue, Metadata } from "./metadata.ts";

/** A value that one element of a field of type `T` can be compared with. */
export type FilterOperand<T> = Extract<
  T extends readonly (infer E)[] ? E : T,
  string | number | boolean | null
>;

/**
 * Conditions on one field; all of them must hold. On an array a condition holds if it holds for any element.
 * A field that is missing and a field that is `null` differ: `$eq: null` and `$exists: true` match only a present null.
 * Operators may be added; a store refuses an operator that it does not know.
 */
export interface FieldCondition<T> {
  /** Equal; strings whole and case-sensitive, datetimes as instants. */
  readonly $eq?: FilterOperand<T>;
  /** Exactly the negation of `$eq`: also matches a missing field. */
  readonly $ne?: FilterOperand<T>;
  /** Numbers and datetimes only, as are the three after it. */
  readonly $gt?: Exclude<FilterOperand<T>, boolean | null>;
  readonly $gte?: Exclude<FilterOperand<T>, boolean | null>;
  readonly $lt?: Exclude<FilterOperand<T>, boolean | null>;
  readonly $lte?: Exclude<FilterOperand<T>, boolean | null>;
  /** Equal to one of these; an empty list matches nothing. */
  readonly $in?: readonly FilterOperand<T>[];
  /** Exactly the negation of `$in`: also matches a missing field. */
  readonly $nin?: readonly FilterOperand<T>[];
  /** True: the field is present, even as null or an empty array. False: it is missing. */
  readonly $exists?: boolean;
  /** `text` fields only: every word of this string occurs in the field, in whatever case, an array's elements taken
   * together. A filter, never a rank. */
  readonly $text?: string;
}

/**
 * Which points an operation is about, by their metadata. Runs inside the store, never after it. A bare value is short
 * for `$eq`. Several keys in one object must all hold. A `ConfigurationError` lists every undeclared field, every operator
 * that is unknown or does not fit the field's type, and every key that holds `undefined`: in a filter that keeps a user
 * out, a missing value must not mean "all".
 */
export type Filter<M extends Metadata = Metadata> = {
  readonly [K in keyof M]?:
    | FilterOperand<Exclude<M[K], undefined>>
    | FieldCondition<Exclude<M[K], undefined>>
    // Metadata that may have any key has an index signature, which the groups below must fit too.
    | (string extends K ? Filter<M> | readonly Filter<M>[] : never);
} & {
  /** All of these; an empty list holds. */
  readonly $and?: readonly Filter<M>[];
  /** At least one of these; an empty list does not hold. */
  readonly $or?: readonly Filter<M>[];
  /** Not this. */
  readonly $not?: Filter<M>;
};

/** A filter as it arrives from outside, before it is parsed. */
export type UnparsedFilter = { readonly [key: string]: JsonValue | undefined };
