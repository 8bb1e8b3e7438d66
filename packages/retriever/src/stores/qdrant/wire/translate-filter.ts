import { instant, words, type FieldTest, type FilterNode, type Scalar } from "@binnacle/core/stores";
import { metadataKey, EMPTY_LISTS } from "./payload-keys.ts";
import type { QdrantCondition } from "./qdrant-filter.ts";
import { inUtc } from "./rfc3339.ts";

/** A filter that matches no point. */
const NOTHING: QdrantCondition = { has_id: [] };

/** Translates a parsed filter. Returns undefined if every point matches. */
export function translateFilter(node: FilterNode): QdrantCondition | undefined {
  return node.kind === "all" ? undefined : condition(node);
}

function condition(node: FilterNode): QdrantCondition {
  switch (node.kind) {
    case "all":
      return { must: [] };
    case "none":
      return NOTHING;
    case "and":
      return { must: node.nodes.map(condition) };
    case "or":
      return { should: node.nodes.map(condition) };
    case "not":
      return { must_not: [condition(node.node)] };
    default:
      return fieldCondition(node);
  }
}

function fieldCondition(test: FieldTest): QdrantCondition {
  const key = metadataKey(test.field);
  switch (test.kind) {
    case "exists":
      // Qdrant treats an empty list like a missing field, so such fields are listed beside the metadata.
      return {
        should: [
          { must_not: [{ is_empty: { key } }] },
          { is_null: { key } },
          { key: EMPTY_LISTS, match: { value: test.field } },
        ],
      };
    case "text":
      // One condition per word, because without its index Qdrant checks one element of a list at a time.
      return { must: words(test.text).map((text) => ({ key, match: { text } })) };
    case "compare":
      return { key, range: { [test.operator]: bound(test, test.value) } };
    case "in":
      return membership(test, key);
    default:
      return test satisfies never;
  }
}

function membership(test: FieldTest & { readonly kind: "in" }, key: string): QdrantCondition {
  const values = test.values.filter((value) => value !== null);
  const conditions = [
    ...(values.length < test.values.length ? [{ is_null: { key } }] : []),
    ...equalities(test, key, values),
  ];
  const [only, ...others] = conditions;
  return only && others.length === 0 ? only : { should: conditions };
}

/** Returns conditions of which at least one holds if the field has one of these values. */
function equalities(
  test: FieldTest,
  key: string,
  values: readonly Exclude<Scalar, null>[],
): readonly QdrantCondition[] {
  switch (test.type) {
    case "keyword":
    case "text":
    case "integer": {
      const comparable = values.filter((value) => typeof value !== "boolean");
      const [only, ...others] = comparable;
      if (only === undefined) return [];
      return [{ key, match: others.length === 0 ? { value: only } : { any: comparable } }];
    }
    case "boolean":
      return values.map((value) => ({ key, match: { value } }));
    // Qdrant matches neither floats nor datetimes by value.
    case "float":
    case "datetime":
      return values.map((value) => {
        const at = bound(test, value);
        return { key, range: { gte: at, lte: at } };
      });
    default:
      return test.type satisfies never;
  }
}

function bound({ type }: FieldTest, value: Exclude<Scalar, null>): number | string {
  if (type !== "datetime") return Number(value);
  return inUtc(instant(String(value)) ?? 0);
}
