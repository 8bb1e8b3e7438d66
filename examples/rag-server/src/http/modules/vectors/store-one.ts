import { BinnacleError, type Collection, type Write } from "@binnacle/core";
import type { Calls } from "../shared/calls.ts";
import { pointWrites, type NamedPoint, type PointSpace } from "./point-writes.ts";

/** A collection's handle, and the parts that make its vectors. */
export interface WritableSpace extends PointSpace {
  readonly points: Collection;
}

/** Stores one point, or throws the reason why it cannot be stored. */
export async function storeOne(point: NamedPoint, space: WritableSpace, calls: Calls): Promise<void> {
  const [write] = await pointWrites([point], space, calls);
  if (BinnacleError.isInstance(write)) throw write;
  if (write !== undefined) await writeOne(space.points, write, calls);
}

/** Applies one write, or throws the reason why it was not applied. */
export async function writeOne(points: Collection, write: Write, calls: Calls): Promise<void> {
  const { failures } = await points.write([write], calls.store);
  const [failure] = failures.values();
  if (failure !== undefined) throw failure;
}
