import { createHash } from "node:crypto";
import type { EventFact, FoldedFact, FoldedObject, PodFact } from "./folded-fact.ts";

/** The facts that are folded into one object. */
export interface FoldedFacts {
  /** Number of pods. */
  readonly pods: number;
  /** The pods that are not healthy, by name, at most `maxFacts`. */
  readonly unhealthy: readonly PodFact[];
  /** Number of pods that are not healthy. */
  readonly unhealthyCount: number;
  /** Nodes of the pods, sorted, at most `maxFacts`. */
  readonly nodes: readonly string[];
  /** The last warning of each reason, at most `maxFacts`. */
  readonly warnings: readonly EventFact[];
}

/** Options of {@link createFoldBook}. */
export interface FoldBookOptions {
  /** Most facts of one kind in one document. @default 20 */
  readonly maxFacts?: number | undefined;
}

/** Remembers the objects that are folded into other documents: a few words for each, never the object. */
export interface FoldBook {
  /** Records an object by its uid. Returns the keys of the documents that change. */
  put(uid: string, folded: FoldedObject, ownKey: string): readonly string[];
  /** Forgets an object. Returns the keys of the documents that change. */
  remove(uid: string): readonly string[];
  /** The facts for a document. Undefined if nothing is folded into it. */
  factsOf(key: string): FoldedFacts | undefined;
  /** Number of objects that it remembers. */
  readonly size: number;
}

interface Entry {
  readonly ownKey: string;
  readonly into: string;
  readonly fact: FoldedFact;
}

/** Creates an empty book. */
export function createFoldBook({ maxFacts = 20 }: FoldBookOptions = {}): FoldBook {
  const entries = new Map<string, Entry>();
  const children = new Map<string, Set<string>>();
  const links = new Map<string, string>();

  // A pod belongs to a ReplicaSet, which leads to a Deployment.
  const rootOf = (key: string): string => {
    const next = links.get(key);
    const after = next === undefined ? undefined : links.get(next);
    return after ?? next ?? key;
  };
  const drop = (uid: string): string | undefined => {
    const entry = entries.get(uid);
    if (entry === undefined) return undefined;
    const root = rootOf(entry.into);
    entries.delete(uid);
    children.get(entry.into)?.delete(uid);
    if (children.get(entry.into)?.size === 0) children.delete(entry.into);
    if (entry.fact.type === "link") links.delete(entry.ownKey);
    return root;
  };
  const collect = (key: string, found: FoldedFact[]): void => {
    for (const uid of children.get(key) ?? []) {
      const entry = entries.get(uid);
      if (entry === undefined) continue;
      found.push(entry.fact);
      // Warnings about a pod or a ReplicaSet belong to its workload too.
      if (entry.fact.type !== "event") collect(entry.ownKey, found);
    }
  };
  return {
    put(uid, { into, fact }, ownKey) {
      const before = drop(uid);
      entries.set(uid, { ownKey, into, fact });
      const siblings = children.get(into) ?? new Set();
      children.set(into, siblings.add(uid));
      if (fact.type === "link" || fact.type === "pod") links.set(ownKey, into);
      return [...new Set([...(before === undefined ? [] : [before]), rootOf(into)])];
    },
    remove(uid) {
      const { fact, ownKey } = entries.get(uid) ?? {};
      const root = drop(uid);
      if (fact?.type === "pod" && ownKey !== undefined) links.delete(ownKey);
      return root === undefined ? [] : [root];
    },
    factsOf(key) {
      const found: FoldedFact[] = [];
      collect(key, found);
      return found.length === 0 ? undefined : summarised(found, maxFacts);
    },
    get size() {
      return entries.size;
    },
  };
}

/** Returns a hash of the facts that a document tells. Empty if the document tells no facts. */
export function factsHash(facts: FoldedFacts | undefined): string {
  if (facts === undefined) return "";
  return createHash("sha256").update(JSON.stringify(facts)).digest("base64url");
}

function summarised(found: readonly FoldedFact[], maxFacts: number): FoldedFacts {
  const pods = found.filter((fact) => fact.type === "pod").sort((a, b) => (a.name < b.name ? -1 : 1));
  const unhealthy = pods.filter(({ isHealthy }) => !isHealthy);
  const warnings = new Map<string, EventFact>();
  for (const fact of found) if (fact.type === "event") warnings.set(fact.reason, fact);
  return {
    pods: pods.length,
    unhealthy: unhealthy.slice(0, maxFacts),
    unhealthyCount: unhealthy.length,
    nodes: [...new Set(pods.flatMap(({ node }) => (node === "" ? [] : [node])))].sort().slice(0, maxFacts),
    warnings: [...warnings.values()].sort((a, b) => (a.reason < b.reason ? -1 : 1)).slice(0, maxFacts),
  };
}
