import { objectKey, type ObjectName } from "../objects/object-key.ts";
import { joinWords } from "../rendering/phrases.ts";
import type { Relation, RelationType } from "./relation.ts";

const verbs: Readonly<Record<RelationType, string>> = {
  belongsTo: "It belongs to",
  binds: "It is bound to",
  grantsTo: "It grants rights to",
  grants: "It grants",
  mounts: "It mounts",
  ownedBy: "It is owned by",
  providesStorageFor: "It provides storage for",
  pullsWith: "It pulls images with",
  readsEnvFrom: "It reads environment variables from",
  refersTo: "It refers to",
  routesTo: "It routes",
  runsAs: "It runs as",
  runsOn: "It runs on",
  scales: "It scales",
  uses: "It uses",
};

/** Writes the relations as sentences, one for each type. */
export function relationSentences(relations: readonly Relation[], namespace: string): readonly string[] {
  const byType = new Map<RelationType, Map<string, Relation>>();
  for (const relation of relations) {
    const targets = byType.get(relation.type) ?? new Map<string, Relation>();
    const detail = relation.type === "routesTo" ? (relation.detail ?? "") : "";
    const key = `${objectKey(relation.target)} ${detail}`;
    if (!targets.has(key)) byType.set(relation.type, targets.set(key, relation));
  }
  return [...byType].map(([type, targets]) => {
    const words = [...targets.values()].map((relation) => targetWords(relation, namespace));
    return `${verbs[type]} ${joinWords(words, 10)}`;
  });
}

function targetWords({ type, target, detail }: Relation, namespace: string): string {
  const words = nameWords(target, namespace);
  if (type === "routesTo") return detail === undefined ? `requests to ${words}` : `${detail} to ${words}`;
  return type === "uses" && detail !== undefined ? `${words} for ${detail}` : words;
}

function nameWords(target: ObjectName, namespace: string): string {
  const elsewhere = target.namespace !== "" && target.namespace !== namespace;
  return `${target.kind} ${target.name}${elsewhere ? ` in namespace ${target.namespace}` : ""}`;
}
