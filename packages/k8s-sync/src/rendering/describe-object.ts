import type { FoldedFacts } from "../folding/create-fold-book.ts";
import type { KubernetesObject } from "../objects/kubernetes-object.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import { createObjectDescriber, type DescriberOptions } from "./create-object-describer.ts";
import type { ObjectDescription } from "./render-object.ts";

/** Options of {@link describeObject}. */
export interface DescribeOptions extends DescriberOptions {
  /** The facts that are folded into the object. @default none */
  readonly facts?: FoldedFacts | undefined;
}

/**
 * Redacts and renders one object. Undefined if it has no document of its own. For many objects use
 * `createObjectDescriber`, which remembers strings.
 */
export function describeObject(
  object: KubernetesObject,
  resource: ResourceType,
  { facts, ...options }: DescribeOptions,
): ObjectDescription | undefined {
  return createObjectDescriber(options).describe(object, resource, facts);
}
