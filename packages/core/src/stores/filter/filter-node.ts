import type { FieldType } from "../../spec/metadata.ts";

/** A value that a field is compared with. */
export type Scalar = string | number | boolean | null;

/** One condition on one field, checked against the field's type. On an array it holds if any element satisfies it. */
export type FieldTest = { readonly field: string; readonly type: FieldType } & (
  | { readonly kind: "in"; readonly values: readonly Scalar[] }
  | {
      readonly kind: "compare";
      readonly operator: "gt" | "gte" | "lt" | "lte";
      readonly value: string | number;
    }
  | { readonly kind: "exists" }
  | { readonly kind: "text"; readonly text: string }
);

/** A filter that was checked and simplified: `all` and `none` occur at the top only. */
export type FilterNode =
  | { readonly kind: "all" }
  | { readonly kind: "none" }
  | { readonly kind: "and" | "or"; readonly nodes: readonly FilterNode[] }
  | { readonly kind: "not"; readonly node: FilterNode }
  | FieldTest;

/** Holds if all hold. */
export function allOf(nodes: readonly FilterNode[]): FilterNode {
  if (nodes.some(({ kind }) => kind === "none")) return { kind: "none" };
  const rest = nodes.filter(({ kind }) => kind !== "all");
  const [first] = rest;
  if (!first) return { kind: "all" };
  return rest.length === 1 ? first : { kind: "and", nodes: rest };
}

/** Holds if at least one holds. */
export function anyOf(nodes: readonly FilterNode[]): FilterNode {
  if (nodes.some(({ kind }) => kind === "all")) return { kind: "all" };
  const rest = nodes.filter(({ kind }) => kind !== "none");
  const [first] = rest;
  if (!first) return { kind: "none" };
  return rest.length === 1 ? first : { kind: "or", nodes: rest };
}

/** Holds if `node` does not. */
export function negation(node: FilterNode): FilterNode {
  if (node.kind === "all") return { kind: "none" };
  if (node.kind === "none") return { kind: "all" };
  return node.kind === "not" ? node.node : { kind: "not", node };
}
