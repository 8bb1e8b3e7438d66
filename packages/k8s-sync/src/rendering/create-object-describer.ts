import { hash } from "node:crypto";
import { factsHash, type FoldedFacts } from "../folding/create-fold-book.ts";
import { foldObject, isWarning } from "../folding/fold-object.ts";
import type { FoldedObject } from "../folding/folded-fact.ts";
import {
  isKubernetesObject,
  observedIdentity,
  type KubernetesObject,
  type ObservedIdentity,
} from "../objects/kubernetes-object.ts";
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
  /** Status fields of unknown types that are left out from the start. @default none */
  readonly volatileFields?: readonly VolatileField[] | undefined;
  /** Called once for each status field of an unknown type that is left out from now on. The field changed five
   * times in a row while nothing else did. */
  readonly onVolatile?: ((field: VolatileField) => void) | undefined;
}

/** A redacted object that has a document of its own, before it is rendered. Many of them may wait, so it holds text
 * instead of objects. */
export interface ReadDocument {
  readonly type: "document";
  /** Changes with the content. */
  readonly hash: string;
  /** The redacted object. */
  readonly json: string;
  readonly mask: RedactedObject["mask"];
  readonly observed: ObservedIdentity;
}

/** The part of an object that may be read, before anything is rendered. */
export type ReadObject =
  | ReadDocument
  /** Another object's document tells this object. */
  | { readonly type: "folded"; readonly folded: FoldedObject }
  /** The object is not described: a Secret, a lease, an event that is no warning. */
  | { readonly type: "unread" };

/** Reads objects of one cluster: first redaction, then hashes, then text. */
export interface ObjectDescriber {
  /** Redacts the object and hashes the rest, without rendering. */
  read(object: KubernetesObject, resource: ResourceType): ReadObject;
  /** Returns the hashes that the object may have: with all learnt fields left out, with all but the last, and so on.
   * Empty if it has no document of its own. */
  hashes(object: KubernetesObject, resource: ResourceType): readonly string[];
  /** Renders a redacted object. */
  render(document: ReadDocument, resource: ResourceType, facts?: FoldedFacts): ObjectDescription;
  /** Redacts and renders the object. Undefined if it has no document of its own. */
  describe(
    object: KubernetesObject,
    resource: ResourceType,
    facts?: FoldedFacts,
  ): ObjectDescription | undefined;
}

/** Changes whenever the same object may get another text, so that stored documents are written again. */
export const rendering = "2";

/** Creates a describer. It keeps a bounded memory of strings, so keep one for each cluster. */
export function createObjectDescriber(options: DescriberOptions): ObjectDescriber {
  const redactor = createRedactor(options);
  const volatile = createVolatileFields({ ...options, known: options.volatileFields });
  const readable = (
    object: KubernetesObject,
    resource: ResourceType,
    ticking?: readonly string[],
  ): RedactedObject | FoldedObject | undefined => {
    const isEvent = resource.plural === "events";
    if (isEvent && !isWarning(object)) return undefined;
    const redacted = redactor(object, resource, ticking ?? volatile.pathsOf(resourceTypeName(resource)));
    if (redacted === undefined) return undefined;
    const folds = isEvent || options.replicas !== "own";
    const folded = folds ? foldObject(redacted.object, resource) : undefined;
    return folded ?? (isEvent ? undefined : redacted);
  };
  const read = (object: KubernetesObject, resource: ResourceType): ReadObject => {
    const found = readable(object, resource);
    if (found === undefined) return { type: "unread" };
    if ("into" in found) return { type: "folded", folded: found };
    const observed = observedIdentity(object);
    if (!hasTemplate(resource)) volatile.observe(resourceTypeName(resource), observed.uid, found.object);
    const json = JSON.stringify(found.object);
    return { type: "document", hash: hashOf(json, resource), json, mask: found.mask, observed };
  };
  const render: ObjectDescriber["render"] = ({ hash: own, json, mask, observed }, resource, facts) => {
    const contentHash = documentVersion(own, facts);
    const redacted = { object: parsed(json), mask };
    return renderObject({ cluster: options.cluster, observed, resource, redacted, facts, contentHash });
  };
  const hashes: ObjectDescriber["hashes"] = (object, resource) => {
    const paths = volatile.pathsOf(resourceTypeName(resource));
    return Array.from({ length: paths.length + 1 }, (_, more) => paths.slice(0, paths.length - more)).flatMap(
      (ticking) => {
        const found = readable(object, resource, ticking);
        if (found === undefined || "into" in found) return [];
        return [hashOf(JSON.stringify(found.object), resource)];
      },
    );
  };
  return {
    read,
    hashes,
    render,
    describe(object, resource, facts) {
      const found = read(object, resource);
      return found.type === "document" ? render(found, resource, facts) : undefined;
    },
  };
}

/** Returns the content hash of a document from the hash of its object and the facts folded into it. */
export function documentVersion(hash: string, facts: FoldedFacts | undefined): string {
  const folded = factsHash(facts);
  return folded === "" ? hash : `${hash}.${folded}`;
}

// The server sends the fields of one type in the same order each time.
function hashOf(json: string, { group, version, kind }: ResourceType): string {
  return hash("sha256", `${rendering} ${group}/${version} ${kind} ${json}`, "base64url");
}

function parsed(json: string): KubernetesObject {
  const object: unknown = JSON.parse(json);
  if (isKubernetesObject(object)) return object;
  throw new TypeError("a redacted object has lost its name"); // redaction keeps it
}
