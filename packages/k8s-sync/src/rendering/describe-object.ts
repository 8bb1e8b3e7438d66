import type { Metadata } from "@binnacle/core";
import { canonicalDigest } from "@binnacle/core/kit";
import { identityOf, type KubernetesObject } from "../objects/kubernetes-object.ts";
import { resourceTypeName, type ResourceType } from "../objects/resource-type.ts";

/** An object in words. */
export interface DescribedObject {
  readonly text: string;
  readonly mediaType: "text/markdown";
  readonly metadata: Metadata;
  /** Changes with everything that a reader can see. */
  readonly contentHash: string;
}

/** Options of {@link describeObject}. */
export interface DescribeOptions {
  /** Name of the cluster. */
  readonly cluster: string;
}

/** Describes an object by its names, its labels and the names of its owners, and by nothing else. */
export function describeObject(
  object: KubernetesObject,
  type: ResourceType,
  _options: DescribeOptions,
): DescribedObject | undefined {
  const { namespace, name } = identityOf(object);
  const { metadata } = object;
  const labels =
    typeof metadata === "object" && metadata !== null && "labels" in metadata ? metadata["labels"] : {};
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  const where = namespace === "" ? "" : ` in namespace ${namespace}`;
  const text = `${type.kind} ${name}${where}.${pairs.length === 0 ? "" : ` Labels: ${pairs.sort().join(", ")}.`}\n`;
  const described = { kind: type.kind, type: resourceTypeName(type), namespace, name };
  return {
    text,
    mediaType: "text/markdown",
    metadata: described,
    contentHash: canonicalDigest([text, described]),
  };
}
