import type { JsonValue } from "@binnacle/core";
import { fieldPath } from "../objects/field-path.ts";
import { isJsonList, isJsonObject } from "../objects/json-at.ts";
import type { KubernetesObject } from "../objects/kubernetes-object.ts";

/** A field of a status that was found to change while nothing else does. */
export interface VolatileField {
  /** The type as RBAC writes it, such as `widgets.shop.example.com`. */
  readonly type: string;
  /** The dotted path, with `*` for any index. */
  readonly path: string;
}

/** Options of {@link createVolatileFields}. */
export interface VolatileFieldsOptions {
  /** Number of versions in a row that change only these fields, until they are left out. @default 5 */
  readonly after?: number | undefined;
  /** Most objects that are compared with their last version. The oldest leave first. @default 500 */
  readonly maxObjects?: number | undefined;
  /** Fields that are left out from the start, in the order in which they were learnt. @default none */
  readonly known?: readonly VolatileField[] | undefined;
  /** Called once for each field that is left out from now on. */
  readonly onVolatile?: ((field: VolatileField) => void) | undefined;
}

/** Learns the fields of unknown types that tick. */
export interface VolatileFields {
  /** The paths that are left out of objects of the type. */
  pathsOf(type: string): readonly string[];
  /** Compares an object with its last version. */
  observe(type: string, uid: string, object: KubernetesObject): void;
}

interface Seen {
  readonly leaves: ReadonlyMap<string, string>;
  readonly changed: string;
  readonly streak: number;
}

const mostLeaves = 300;
const mostTogether = 3;

// A state that flips is news, however often it does.
const news = /(?:^|\.)(?:phase|state|status|ready|reason|health|healthy|type)$/;

/** Creates a learner without any knowledge. It keeps leaves of at most {@link VolatileFieldsOptions.maxObjects}
 * objects. */
export function createVolatileFields(options: VolatileFieldsOptions = {}): VolatileFields {
  const { after = 5, maxObjects = 500, known: before = [], onVolatile } = options;
  const learnt = new Map<string, Set<string>>();
  for (const { type, path } of before) learnt.set(type, (learnt.get(type) ?? new Set<string>()).add(path));
  const seen = new Map<string, Seen>();
  const learn = (type: string, paths: readonly string[]): void => {
    const known = learnt.get(type) ?? new Set();
    learnt.set(type, known);
    for (const path of paths) {
      if (known.has(path)) continue;
      known.add(path);
      onVolatile?.({ type, path });
    }
  };
  return {
    pathsOf: (type) => [...(learnt.get(type) ?? [])],
    observe(type, uid, object) {
      const leaves = leavesOf(object);
      const last = seen.get(uid);
      const changed = last === undefined ? [] : changedPaths(last.leaves, leaves);
      if (last !== undefined && changed.length === 0) return;
      const signature = changed.join(" ");
      const isTicking = changed.length <= mostTogether && changed.every((path) => isStatusTick(path));
      const streak = !isTicking ? 0 : last?.changed === signature ? last.streak + 1 : 1;
      seen.delete(uid);
      seen.set(uid, { leaves, changed: signature, streak });
      const oldest = seen.size > maxObjects ? seen.keys().next().value : undefined;
      if (oldest !== undefined) seen.delete(oldest);
      if (last !== undefined && streak >= after) learn(type, changed);
    },
  };
}

function isStatusTick(path: string): boolean {
  return path.startsWith("status.") && !news.test(path);
}

function leavesOf(object: KubernetesObject): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const walk = (value: JsonValue, path: string): void => {
    if (leaves.size >= mostLeaves) return;
    if (isJsonList(value)) value.forEach((item) => walk(item, `${path}.*`));
    else if (isJsonObject(value)) {
      for (const [key, item] of Object.entries(value)) walk(item, fieldPath(path, key));
    } else leaves.set(path, `${leaves.get(path) ?? ""}${JSON.stringify(value).slice(0, 100)},`);
  };
  walk(object, "");
  return leaves;
}

function changedPaths(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}
