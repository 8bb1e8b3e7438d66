import type { JsonValue, Metadata } from "./metadata.ts";

type Scalar = string | number | boolean | null;
/** What one element of a field can be compared with. */
type Operand<T> = Extract<T extends readonly (infer E)[] ? E : T, Scalar>;

/**
 * Conditions on one field; all of them must hold. On an array a condition holds if it holds for any element.
 * A field that is missing and a field that is `null` differ: `$eq: null` and `$exists: true` match only a present null.
 */
export interface FieldCondition<T> {
  /** Equal; strings whole and case-sensitive, datetimes as instants. */
  readonly $eq?: Operand<T> | undefined;
  /** Exactly the negation of `$eq`: also matches a missing field. */
  readonly $ne?: Operand<T> | undefined;
  /** Numbers and datetimes only, as are the three after it. */
  readonly $gt?: Exclude<Operand<T>, boolean | null> | undefined;
  readonly $gte?: Exclude<Operand<T>, boolean | null> | undefined;
  readonly $lt?: Exclude<Operand<T>, boolean | null> | undefined;
  readonly $lte?: Exclude<Operand<T>, boolean | null> | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  readonly $in?: readonly Operand<T>[] | undefined;
  /** Exactly the negation of `$in`: also matches a missing field. */
  readonly $nin?: readonly Operand<T>[] | undefined;
  /** True: the field is there, if only as null or an empty array. False: it is not there. */
  readonly $exists?: boolean | undefined;
  /** `text` fields only: every word of this string occurs in one element, whatever its case. A filter, never a rank. */
  readonly $text?: string | undefined;
}

/**
 * Which points an operation is about, by their metadata. Runs inside the store, never after it. A bare value is short
 * for `$eq`. Several keys in one object must all hold. A field that the collection does not declare, an operator that
 * does not fit the field's type, and an unknown operator are refused with a `ConfigurationError` that lists them.
 */
export type Filter<M extends Metadata = Metadata> = {
  readonly [K in keyof M]?:
    | Operand<Exclude<M[K], undefined>>
    | FieldCondition<Exclude<M[K], undefined>>
    // Metadata that may have any key has an index signature, which the groups below must fit too.
    | (string extends K ? Filter<M> | readonly Filter<M>[] : never)
    | undefined;
} & {
  /** All of these; an empty list holds. */
  readonly $and?: readonly Filter<M>[] | undefined;
  /** At least one of these; an empty list does not hold. */
  readonly $or?: readonly Filter<M>[] | undefined;
  /** Not this. */
  readonly $not?: Filter<M> | undefined;
};

/** A filter as it arrives from outside, before it is parsed. */
export type UnparsedFilter = { readonly [key: string]: JsonValue | undefined };
