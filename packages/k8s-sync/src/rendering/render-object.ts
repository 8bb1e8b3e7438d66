import { hash } from "node:crypto";
import type { FoldedFacts } from "../folding/create-fold-book.ts";
import { pairsAt, listAt, stringAt, type JsonObject } from "../objects/json-at.ts";
import type { ObservedIdentity } from "../objects/kubernetes-object.ts";
import { objectKey } from "../objects/object-key.ts";
import type { KubernetesMetadata } from "../objects/kubernetes-metadata.ts";
import { resourceTypeName, type ResourceType } from "../objects/resource-type.ts";
import type { RedactedObject } from "../redaction/create-redactor.ts";
import type { Relation } from "../relations/relation.ts";
import { podSpecOf, relationsOf } from "../relations/relations-of.ts";
import { podSelectorOf } from "../relations/selector.ts";
import { objectState } from "./object-state.ts";
import { sentencesOf } from "./sentences-of.ts";
import { yamlSections } from "./yaml-sections.ts";

/** The document of one object. */
export interface ObjectDescription {
  /** The identity of the document: the uid, so that an update overwrites in place. */
  readonly documentId: string;
  readonly title: string;
  readonly text: string;
  readonly mediaType: "text/markdown";
  readonly metadata: KubernetesMetadata;
  /** Changes with the document, and not with the object's version. */
  readonly contentHash: string;
  /** Facts that change while the content stays. Pass them as `Document.observed`. */
  readonly observed: { readonly resourceVersion: string };
}

/** The parts from which a description is made. */
export interface DescribedParts {
  readonly cluster: string;
  readonly observed: ObservedIdentity;
  readonly resource: ResourceType;
  readonly redacted: RedactedObject;
  readonly facts?: FoldedFacts | undefined;
  readonly contentHash: string;
}

/** Renders a redacted object as Markdown: sentences first, then sections of YAML. */
export function renderObject(parts: DescribedParts): ObjectDescription {
  const { observed, resource, redacted, facts, contentHash } = parts;
  const { object, mask } = redacted;
  const { uid, resourceVersion } = observed;
  const relations = relationsOf(object, resource);
  const paragraphs = sentencesOf({ object, resource, relations, facts, mask });
  const sections = yamlSections(object, resource).map(
    ({ title, yaml }) => `## ${title}\n\n\`\`\`yaml\n${yaml}\n\`\`\``,
  );
  const namespace = stringAt(object, "metadata", "namespace");
  const name = stringAt(object, "metadata", "name") ?? "";
  const title = `${resource.kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
  const text = `${[`# ${title}`, ...paragraphs, ...sections].join("\n\n")}\n`;
  const contentId = hash("sha256", `${uid}\n${text}`, "hex");
  return {
    documentId: uid,
    title,
    text,
    mediaType: "text/markdown",
    metadata: { ...metadataOf(parts, relations), contentId },
    contentHash,
    observed: { resourceVersion },
  };
}

function metadataOf(
  { cluster, observed, resource, redacted: { object }, facts }: DescribedParts,
  relations: readonly Relation[],
): Omit<KubernetesMetadata, "contentId"> {
  const { kind, group } = resource;
  const { uid, createdAt } = observed;
  const namespace = stringAt(object, "metadata", "namespace");
  const name = stringAt(object, "metadata", "name") ?? "";
  const podSpec = podSpecOf(object, resource);
  const selector = podSelectorOf(object, resource);
  const nodes = facts?.nodes ?? [];
  return {
    cluster,
    ...optional("namespace", namespace),
    kind,
    group,
    resource: resourceTypeName(resource),
    name,
    uid,
    key: objectKey({ kind, group, namespace: namespace ?? "", name }),
    labels: labelsAt(object, "metadata"),
    ...optional("createdAt", createdAt),
    ...optional("state", objectState(object)),
    images: unique(listAt(podSpec, "containers").flatMap((container) => stringAt(container, "image") ?? [])),
    nodes: unique([
      ...nodes,
      ...(stringAt(podSpec, "nodeName") === undefined ? [] : [stringAt(podSpec, "nodeName") ?? ""]),
    ]),
    refs: unique(relations.map(({ target }) => objectKey(target))),
    relations: unique(relations.map(({ type, target }) => `${type} ${objectKey(target)}`)),
    podLabels: podLabelsOf(object, resource),
    selects:
      selector === undefined ? [] : pairsAt(selector, "matchLabels").map(([key, value]) => `${key}=${value}`),
    ...optional("selector", selector && JSON.stringify(selector)),
    warnings: unique((facts?.warnings ?? []).map(({ reason }) => reason)),
  };
}

function podLabelsOf(object: JsonObject, { kind, group }: ResourceType): readonly string[] {
  if (kind === "Pod" && group === "") return labelsAt(object, "metadata");
  const isCron = kind === "CronJob" && group === "batch";
  return isCron
    ? labelsAt(object, "spec", "jobTemplate", "spec", "template", "metadata")
    : labelsAt(object, "spec", "template", "metadata");
}

function labelsAt(object: JsonObject, ...path: readonly string[]): readonly string[] {
  return pairsAt(object, ...path, "labels").map(([key, value]) => `${key}=${value}`);
}

function unique(words: readonly string[]): readonly string[] {
  return [...new Set(words)];
}

/** A key whose value is undefined would not survive JSON. */
function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  const field: { [P in K]?: string } = {};
  if (value !== undefined) field[key] = value;
  return field;
}
