import type { FoldedFacts } from "../folding/create-fold-book.ts";
import { jsonAt, objectAt, pairsAt, stringAt, stringsAt, type JsonObject } from "../objects/json-at.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import type { Relation } from "../relations/relation.ts";
import { relationSentences } from "../relations/relation-sentences.ts";
import { podSelectorOf } from "../relations/selector.ts";
import { conditionSentences } from "./condition-sentences.ts";
import { foldedSentences } from "./folded-sentences.ts";
import { genericSentences } from "./generic-sentences.ts";
import { joinWords, sentence } from "./phrases.ts";
import type { SentenceTemplate } from "./sentence-template.ts";
import { accessSentences } from "./sentences/access-sentences.ts";
import { clusterSentences } from "./sentences/cluster-sentences.ts";
import { configSentences } from "./sentences/config-sentences.ts";
import { networkSentences } from "./sentences/network-sentences.ts";
import { policySentences } from "./sentences/policy-sentences.ts";
import { selectorWords } from "./sentences/selector-words.ts";
import { storageSentences } from "./sentences/storage-sentences.ts";
import { workloadSentences } from "./sentences/workload-sentences.ts";

const templates: Readonly<Record<string, SentenceTemplate>> = {
  ...workloadSentences,
  ...networkSentences,
  ...storageSentences,
  ...configSentences,
  ...accessSentences,
  ...policySentences,
  ...clusterSentences,
};

/** Returns true if a template of its own describes the objects of this type. */
export function hasTemplate({ kind, group }: ResourceType): boolean {
  return templateKey(kind, group) in templates;
}

function templateKey(kind: string, group: string): string {
  return group === "" ? kind : `${kind}.${group}`;
}

/** The parts of an object that sentences tell. All of them are redacted. */
export interface ToldObject {
  readonly object: JsonObject;
  readonly resource: ResourceType;
  readonly relations: readonly Relation[];
  readonly facts?: FoldedFacts | undefined;
  readonly mask: (text: string) => string;
}

/** Describes an object in groups of plain sentences: the object, its relations, its state. */
export function sentencesOf({ object, resource, relations, facts, mask }: ToldObject): readonly string[] {
  const { kind, group, definition } = resource;
  const namespace = stringAt(object, "metadata", "namespace") ?? "";
  const name = stringAt(object, "metadata", "name") ?? "";
  const template = templates[templateKey(kind, group)];
  const input = { object, spec: objectAt(object, "spec"), status: objectAt(object, "status") };
  const [predicate, ...rest] =
    template === undefined || definition !== undefined
      ? genericSentences(object, definition?.columns ?? [])
      : template(input);
  const place = namespace === "" ? "" : ` in namespace ${namespace}`;
  return [
    [`${kind} ${name}${place} ${predicate ?? "exists"}`, ...rest, ...general(object, kind)],
    [...relationSentences(toldRelations(relations, kind), namespace), ...selection(object, resource)],
    conditionSentences(object),
    foldedSentences(facts, mask),
  ]
    .filter((group) => group.length > 0)
    .map((group) => group.map(sentence).join(" "));
}

// The first sentence of a binding names the role and the subjects.
function toldRelations(relations: readonly Relation[], kind: string): readonly Relation[] {
  return kind.endsWith("RoleBinding")
    ? relations.filter(({ type }) => !type.startsWith("grants"))
    : relations;
}

function general(object: JsonObject, kind: string): readonly string[] {
  const labels = kind === "Namespace" ? [] : pairsAt(object, "metadata", "labels");
  const described = pairsAt(object, "metadata", "annotations")
    .filter(([key]) => !key.startsWith("storageclass.") && !key.startsWith("ingressclass."))
    .map(([key, value]) => `${key} says: ${value}`);
  const finalizers = stringsAt(object, "metadata", "finalizers");
  const isDeleted = jsonAt(object, "metadata", "deletionTimestamp") !== undefined;
  const waits = finalizers.length === 0 ? "" : ` and waits for the finalizers ${joinWords(finalizers)}`;
  return [
    ...(isDeleted ? [`It is being deleted${waits}`] : []),
    ...(labels.length === 0
      ? []
      : [
          `Its labels are ${joinWords(
            labels.map(([key, value]) => `${key}=${value}`),
            8,
          )}`,
        ]),
    ...described,
  ];
}

function selection(object: JsonObject, resource: ResourceType): readonly string[] {
  const selector = podSelectorOf(object, resource);
  // A NetworkPolicy and a PodDisruptionBudget say in their first sentence which pods they are about.
  if (selector === undefined || resource.kind !== "Service") return [];
  return [`It selects pods with ${selectorWords(selector)}`];
}
