import type { FieldType } from "../../spec/metadata.ts";

/** A value that a field is compared with. */
export type Scalar = string | number | boolean | null;

/** One checked condition on one field. It holds for an array if any element meets it. */
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

/** A checked and simplified filter. `all` and `none` occur only at the top. */
export type FilterNode =
  | { readonly kind: "all" }
  | { readonly kind: "none" }
  | { readonly kind: "and" | "or"; readonly nodes: readonly FilterNode[] }
  | { readonly kind: "not"; readonly node: FilterNode }
  | FieldTest;

/** Returns a node that holds if all of the nodes hold. */
export function allOf(nodes: readonly FilterNode[]): FilterNode {
  if (nodes.some(({ kind }) => kind === "none")) return { kind: "none" };
  const rest = nodes.filter(({ kind }) => kind !== "all");
  const [first] = rest;
  if (!first) return { kind: "all" };
  return rest.length === 1 ? first : { kind: "and", nodes: rest };
}

/** Returns a node that holds if at least one of the nodes holds. */
export function anyOf(nodes: readonly FilterNode[]): FilterNode {
  if (nodes.some(({ kind }) => kind === "all")) return { kind: "all" };
  const rest = nodes.filter(({ kind }) => kind !== "none");
  const [first] = rest;
  if (!first) return { kind: "none" };
  return rest.length === 1 ? first : { kind: "or", nodes: rest };
}

/** Returns a node that holds if `node` does not. */
export function negation(node: FilterNode): FilterNode {
  if (node.kind === "all") return { kind: "none" };
  if (node.kind === "none") return { kind: "all" };
  return node.kind === "not" ? node.node : { kind: "not", node };
}
