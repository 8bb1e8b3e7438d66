import { RequestError, type CallOptions } from "@binnacle/core";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import { resourcePath } from "../cluster/resource-path.ts";
import { stringAt } from "../objects/json-at.ts";
import type { KubernetesObject } from "../objects/kubernetes-object.ts";
import { readDefinition } from "../objects/read-definition.ts";
import { resourceTypeName, type ResourceType } from "../objects/resource-type.ts";
import { listPage } from "../reflector/list-pages.ts";

// One definition may take a megabyte.
const pageSize = 50;

/**
 * Returns the types with what their CustomResourceDefinitions say about columns and secret fields. Without the
 * right to list definitions the types stay as they are.
 */
export async function readDefinitions(
  client: ClusterClient,
  types: readonly ResourceType[],
  options: CallOptions,
): Promise<readonly ResourceType[]> {
  const defining = types.find(
    (type) => resourceTypeName(type) === "customresourcedefinitions.apiextensions.k8s.io",
  );
  if (defining === undefined) return types;
  const byName = new Map(types.map((type) => [resourceTypeName(type), type]));
  for await (const definition of definitions(client, resourcePath(defining, undefined), options)) {
    const type = byName.get(stringAt(definition, "metadata", "name") ?? "");
    if (type !== undefined)
      byName.set(resourceTypeName(type), { ...type, definition: readDefinition(definition, type.version) });
  }
  return [...byName.values()];
}

async function* definitions(
  client: ClusterClient,
  path: string,
  options: CallOptions,
): AsyncGenerator<KubernetesObject> {
  let next: string | undefined;
  do {
    try {
      const page = await listPage(client, { path }, { ...options, limit: pageSize, page: next });
      yield* page.objects;
      next = page.next;
    } catch (error) {
      // The types are then described without them, and their free-form fields stay hidden.
      if (RequestError.isInstance(error) && (error.status === 403 || error.status === 404)) return;
      throw error;
    }
  } while (next !== undefined);
}
