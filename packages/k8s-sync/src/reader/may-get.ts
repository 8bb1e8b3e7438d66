import type { CallOptions } from "@binnacle/core";
import { isPlainObject } from "@binnacle/core/kit";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import type { ObjectName } from "../objects/object-key.ts";
import type { ResourceType } from "../objects/resource-type.ts";

/** Asks the API server whether the credentials may get an object (SelfSubjectAccessReview). */
export async function mayGet(
  client: ClusterClient,
  type: ResourceType,
  { namespace, name }: ObjectName,
  options: CallOptions,
): Promise<boolean> {
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: {
      resourceAttributes: {
        verb: "get",
        group: type.group,
        version: type.version,
        resource: type.plural,
        namespace,
        name,
      },
    },
  };
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const answer = await client.json({ method: "POST", path, json: review }, options);
  const status = isPlainObject(answer) ? answer["status"] : undefined;
  return isPlainObject(status) && status["allowed"] === true;
}
