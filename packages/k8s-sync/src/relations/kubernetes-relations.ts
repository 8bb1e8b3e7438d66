import type { Filter, JsonValue, Metadata, RelatedDocuments } from "@binnacle/core";
import { isJsonList } from "../objects/json-at.ts";
import type { KubernetesMetadata } from "../objects/kubernetes-metadata.ts";
import type { RelationType } from "./relation.ts";
import { selectsLabels } from "./selector.ts";

/** The names of the relations as the target sees them. */
const inverse: Readonly<Record<RelationType, string>> = {
  belongsTo: "has",
  binds: "boundBy",
  grants: "grantedBy",
  grantsTo: "hasRightsFrom",
  mounts: "mountedBy",
  ownedBy: "owns",
  providesStorageFor: "getsStorageFrom",
  pullsWith: "pulledWithBy",
  readsEnvFrom: "readBy",
  refersTo: "referredToBy",
  routesTo: "routedFrom",
  runsAs: "identityOf",
  runsOn: "hosts",
  scales: "scaledBy",
  uses: "usedBy",
};

/**
 * Reads the relations of an object from the metadata of its document: the objects that it names, the objects
 * that name it, and selectors in both directions. Pass it to `createRetriever` as `expand.relations`.
 */
export function kubernetesRelations(metadata: Metadata): readonly RelatedDocuments<KubernetesMetadata>[] {
  const { cluster, key } = metadata;
  if (typeof cluster !== "string" || typeof key !== "string") return [];
  return [...named(metadata, cluster), naming(cluster, key), ...selections(metadata, cluster)];
}

function named(metadata: Metadata, cluster: string): readonly RelatedDocuments<KubernetesMetadata>[] {
  const refs = strings(metadata["refs"]);
  if (refs.length === 0) return [];
  const relations = splitRelations(metadata);
  return [
    {
      filter: { cluster, key: { $in: refs } },
      relationTo: ({ key }) => relations.find(({ target }) => target === key)?.type,
    },
  ];
}

function naming(cluster: string, key: string): RelatedDocuments<KubernetesMetadata> {
  return {
    filter: { cluster, refs: key },
    relationTo: (metadata) => {
      const found = splitRelations(metadata).find(({ target }) => target === key);
      return found && (new Map(Object.entries(inverse)).get(found.type) ?? found.type);
    },
  };
}

/** Selectors work within a namespace. The stores find candidates by labels; the whole selector decides. */
function selections(metadata: Metadata, cluster: string): readonly RelatedDocuments<KubernetesMetadata>[] {
  const { namespace } = metadata;
  if (typeof namespace !== "string") return [];
  const selects = strings(metadata["selects"]);
  const podLabels = strings(metadata["podLabels"]);
  const selector = parsed(metadata["selector"]);
  const within: Filter<KubernetesMetadata> = { cluster, namespace };
  return [
    ...(selects.length === 0 || selector === undefined
      ? []
      : [
          {
            filter: { $and: [within, ...selects.map((label) => ({ podLabels: label }))] },
            relationTo: (other: KubernetesMetadata) => {
              const labels = strings(other.podLabels);
              return labels.length > 0 && selectsLabels(selector, labels) ? "selects" : undefined;
            },
          },
        ]),
    ...(podLabels.length === 0
      ? []
      : [
          {
            filter: { $and: [within, { selects: { $in: podLabels } }] },
            relationTo: (other: KubernetesMetadata) => {
              const theirs = parsed(other.selector);
              return theirs !== undefined && selectsLabels(theirs, podLabels) ? "selectedBy" : undefined;
            },
          },
        ]),
  ];
}

function splitRelations(metadata: Metadata): readonly { readonly type: string; readonly target: string }[] {
  return strings(metadata["relations"]).map((relation) => {
    const at = relation.indexOf(" ");
    return { type: relation.slice(0, at), target: relation.slice(at + 1) };
  });
}

function strings(value: JsonValue | undefined): readonly string[] {
  return isJsonList(value) ? value.filter((item) => typeof item === "string") : [];
}

function parsed(selector: JsonValue | undefined): JsonValue | undefined {
  if (typeof selector !== "string") return undefined;
  try {
    const value: JsonValue = JSON.parse(selector);
    return value;
  } catch {
    // The selector was written by another version. Without it there is no relation to show.
    return undefined;
  }
}
