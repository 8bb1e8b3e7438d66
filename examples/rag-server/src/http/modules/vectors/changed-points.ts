import { BinnacleError, type Patch, type StoredPoint, type Upsert } from "@binnacle/core";
import type { Calls } from "../shared/calls.ts";
import { pointOf } from "../shared/point-names.ts";
import { pointWrites } from "./point-writes.ts";
import type { WritableSpace } from "./store-one.ts";
import type { PointChanges } from "./vector-schemas.ts";

/** Changes of one point. */
export interface NamedChanges extends PointChanges {
  readonly id: string;
}

/**
 * Makes writes that change stored points. Metadata and title alone keep the vectors. A new text is embedded
 * unless it brings a vector. Each outcome is a write, or the error of its point.
 */
export async function changedPoints(
  changes: readonly NamedChanges[],
  space: WritableSpace,
  calls: Calls,
): Promise<readonly (Upsert | Patch | BinnacleError)[]> {
  const whole = changes.filter(replacesVectors);
  const ids = whole.map(({ id }) => pointOf(id, space.tenant));
  const found = await space.points.get(ids, { ...calls.store, includeVectors: true });
  const known = whole.flatMap((change, i) => (found[i] === undefined ? [] : [{ change, stored: found[i] }]));
  const made = await pointWrites(
    known.map(({ change, stored }) => merged(change, stored)),
    space,
    calls,
  );
  const writes = new Map(known.map(({ change }, i) => [change, made[i]]));
  return changes.map((change) => {
    if (!replacesVectors(change)) return patchOf(change, space.tenant);
    return (
      writes.get(change) ?? new BinnacleError("not_found", `there is no point ${JSON.stringify(change.id)}`)
    );
  });
}

/** Returns true if the change concerns a field that the vectors are made from. */
export function replacesVectors({ vector, text }: PointChanges): boolean {
  return vector !== undefined || text !== undefined;
}

/** Joins a change with the stored point. A vector stays only if the text stays. */
function merged(
  change: NamedChanges,
  { chunk, metadata, dense, version }: StoredPoint,
): Parameters<typeof pointWrites>[0][number] {
  const { id, text = chunk.text, title = chunk.title } = change;
  const keptVector = change.text === undefined && dense !== undefined ? [...dense] : undefined;
  return {
    id,
    text,
    title,
    metadata: change.metadata ?? metadata,
    vector: change.vector ?? keptVector,
    expected_version: change.expected_version ?? version,
  };
}

function patchOf(
  { id, title, metadata, expected_version: ifVersion }: NamedChanges,
  tenant: string | undefined,
): Patch {
  return {
    type: "patch",
    id: pointOf(id, tenant),
    ...(title === undefined ? {} : { chunk: { title } }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(ifVersion === undefined ? {} : { ifVersion }),
  };
}
