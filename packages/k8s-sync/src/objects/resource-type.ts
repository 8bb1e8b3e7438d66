/** A type of objects, as discovery names it. */
export interface ResourceType {
  /** Empty for the core group. */
  readonly group: string;
  /** The served version, such as `v1`. */
  readonly version: string;
  readonly kind: string;
  /** The name in URLs, such as `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** @default unknown */
  readonly verbs?: readonly string[] | undefined;
  /** The definition's own words, for a type that a CustomResourceDefinition adds. @default none */
  readonly definition?: CustomDefinition | undefined;
}

/** The part of a CustomResourceDefinition that redaction and rendering use. */
export interface CustomDefinition {
  /** The printer columns, without those that show an age. */
  readonly columns: readonly PrinterColumn[];
  /** Paths of fields that hold secrets by the schema. `*` stands for any index or key. */
  readonly hiddenPaths: readonly string[];
  /** Paths below which the schema allows any field, so that their strings are hidden. */
  readonly opaquePaths: readonly string[];
}

/** One column that `kubectl get` shows for a custom resource. */
export interface PrinterColumn {
  readonly name: string;
  /** A JSON path such as `.status.phase`. */
  readonly path: string;
}

/** Returns the name of a type as RBAC and kubectl write it, such as `deployments.apps` or `pods`. */
export function resourceTypeName({ plural, group }: Pick<ResourceType, "plural" | "group">): string {
  return group === "" ? plural : `${plural}.${group}`;
}
