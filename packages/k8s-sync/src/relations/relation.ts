import type { ObjectName } from "../objects/object-key.ts";

/** The kinds of edges between objects. Each is read as a verb: the object mounts the target. */
export type RelationType =
  | "belongsTo"
  | "binds"
  | "grantsTo"
  | "grants"
  | "mounts"
  | "ownedBy"
  | "providesStorageFor"
  | "pullsWith"
  | "readsEnvFrom"
  | "refersTo"
  | "routesTo"
  | "runsAs"
  | "runsOn"
  | "scales"
  | "uses";

/** An edge to an object that this object names. */
export interface Relation {
  readonly type: RelationType;
  readonly target: ObjectName;
  /** Words about the edge, such as the host and path of a route. */
  readonly detail?: string | undefined;
}
