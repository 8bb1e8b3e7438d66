import { hash } from "node:crypto";
import { factsHash, type FoldedFacts } from "../folding/create-fold-book.ts";
import { foldObject, isWarning } from "../folding/fold-object.ts";
import type { FoldedObject } from "../folding/folded-fact.ts";
import { identityOf, type KubernetesObject } from "../objects/kubernetes-object.ts";
import { resourceTypeName, type ResourceType } from "../objects/resource-type.ts";
import { createRedactor, type RedactedObject } from "../redaction/create-redactor.ts";
import type { RedactionOptions } from "../redaction/redaction-options.ts";
import { createVolatileFields, type VolatileField } from "./create-volatile-fields.ts";
import { renderObject, type ObjectDescription } from "./render-object.ts";
import { hasTemplate } from "./sentences-of.ts";

/** Options of `createObjectDescriber`. */
export interface DescriberOptions extends RedactionOptions {
  /** Name of the cluster. It is part of every document's metadata. */
  readonly cluster: string;
  /**
   * `folded`: the document of a controller describes its pods, ReplicaSets and Jobs. `own`: each has its own.
   * @default "folded"
   */
  readonly replicas?: "folded" | "own" | undefined;
  /** Called once for each status field of an unknown type that is left out from now on. The field changed five
   * times in a row while nothing else did. */
  readonly onVolatile?: ((field: VolatileField) => void) | undefined;
}

/** The part of an object that may be read, before anything is rendered. */
export type ReadObject =
  /** The object has a document of its own. `hash` changes with its content. */
  | { readonly type: "document"; readonly hash: string }
  /** Another object's document tells this object. */
  | { readonly type: "folded"; readonly folded: FoldedObject }
  /** The object is not described: a Secret, a lease, an event that is no warning. */
  | { readonly type: "unread" };

/** Reads objects of one cluster: first redaction, then hashes, then text. */
export interface ObjectDescriber {
  /** Redacts the object and hashes the rest, without rendering. */
  read(object: KubernetesObject, resource: ResourceType): ReadObject;
  /** Redacts and renders the object. Undefined if it has no document of its own. */
  describe(
    object: KubernetesObject,
    resource: ResourceType,
    facts?: FoldedFacts,
  ): ObjectDescription | undefined;
}

/** Changes whenever the same object may get another text, so that stored documents are written again. */
export const rendering = "1";

/** Creates a describer. It keeps a bounded memory of strings, so keep one for each cluster. */
export function createObjectDescriber(options: DescriberOptions): ObjectDescriber {
  const redactor = createRedactor(options);
  const volatile = createVolatileFields(options);
  const readable = (
    object: KubernetesObject,
    resource: ResourceType,
  ): RedactedObject | FoldedObject | undefined => {
    const isEvent = resource.plural === "events";
    if (isEvent && !isWarning(object)) return undefined;
    const ticking = volatile.pathsOf(resourceTypeName(resource));
    const redacted = redactor(object, resource, ticking);
    if (redacted === undefined) return undefined;
    const folds = isEvent || options.replicas !== "own";
    const folded = folds ? foldObject(redacted.object, resource) : undefined;
    return folded ?? (isEvent ? undefined : redacted);
  };
  return {
    read(object, resource) {
      const found = readable(object, resource);
      if (found === undefined) return { type: "unread" };
      if ("into" in found) return { type: "folded", folded: found };
      if (!hasTemplate(resource)) {
        volatile.observe(resourceTypeName(resource), identityOf(object).uid, found.object);
      }
      return { type: "document", hash: hashOf(found.object, resource) };
    },
    describe(object, resource, facts) {
      const found = readable(object, resource);
      if (found === undefined || "into" in found) return undefined;
      const contentHash = documentVersion(hashOf(found.object, resource), facts);
      return renderObject({
        cluster: options.cluster,
        source: object,
        resource,
        redacted: found,
        facts,
        contentHash,
      });
    },
  };
}

/** Returns the content hash of a document from the hash of its object and the facts folded into it. */
export function documentVersion(hash: string, facts: FoldedFacts | undefined): string {
  const folded = factsHash(facts);
  return folded === "" ? hash : `${hash}.${folded}`;
}

// The server sends the fields of one type in the same order each time.
function hashOf(object: KubernetesObject, { group, version, kind }: ResourceType): string {
  const text = `${rendering} ${group}/${version} ${kind} ${JSON.stringify(object)}`;
  return hash("sha256", text, "base64url");
}
