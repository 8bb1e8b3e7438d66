import type { Document, DocumentSource, Embedder, Retriever, SourceChange } from "@binnacle/core";
import { metadataText } from "@binnacle/core/kit";
import {
  createClusterReader,
  createKubernetesSource,
  kubernetesRelations,
  toYaml,
  type JsonObject,
  type ResourceType,
} from "@binnacle/k8s-sync";
import { kubeconfigAccess } from "@binnacle/k8s-sync/kubeconfig";
import { createIndexer, createRetriever, type Index } from "@binnacle/retriever";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import { defineObjectIndex } from "../../../examples/k8s-assistant/src/cluster/object-index.ts";
import type { ApiClient } from "../../../examples/k8s-assistant/src/testing/api-client.ts";
import type { K8sQuestion } from "./k8s-questions.ts";

/** A way of writing objects, and the part of the expected objects that a search finds among its first five. */
export interface VariantRecall {
  readonly search: "lexical" | "hybrid";
  readonly variant: string;
  readonly recall: number;
  /** Mean of one over the rank of the first expected object. */
  readonly reciprocalRank: number;
  readonly byClass: Readonly<Record<string, number>>;
  readonly characters: number;
}

const first = 5;

/** The cluster and the questions of a comparison. */
export interface ComparedLab {
  readonly kubeconfig: string;
  readonly api: ApiClient;
  readonly questions: readonly K8sQuestion[];
}

/** Searches the same objects as raw YAML, as sentences, and as sentences with relations. */
export async function compareVariants(
  { kubeconfig, api, questions }: ComparedLab,
  embedder: Embedder | undefined,
): Promise<readonly VariantRecall[]> {
  const kind = embedder === undefined ? "lexical" : "hybrid";
  const found: VariantRecall[] = [];
  const reader = createClusterReader({ cluster: "lab", access: kubeconfigAccess({ path: kubeconfig }) });
  const { types: served } = await reader.types();
  await reader.close();
  const types = new Map(
    served.map((type) => [type.group === "" ? type.plural : `${type.plural}.${type.group}`, type]),
  );
  for (const variant of ["raw YAML", "sentences"] as const) {
    const store = new SqliteStore({ path: ":memory:" });
    const index = await defineObjectIndex(embedder);
    let characters = 0;
    const access = kubeconfigAccess({ path: kubeconfig });
    const source = createKubernetesSource({ cluster: "lab", access });
    const shown =
      variant === "sentences" ? source : withText(source, (document) => rawYaml(document, api, types));
    const counted = withText(shown, async (document) => {
      characters += document.text.length;
      return document;
    });
    (await createIndexer({ store, index }).sync(counted)).throwIfFailed();
    await source.close();
    const recall = async (name: string, search: Search): Promise<void> =>
      void found.push({ search: kind, variant: name, characters, ...(await recallOf(questions, search)) });
    await recall(variant, plainSearch(createRetriever({ store, index, limit: 2 * first })));
    if (variant === "sentences") await recall("sentences with relations", relatedSearch(store, index));
    await store.close();
  }
  return found;
}

/** Returns the keys of the first objects that a search finds. */
type Search = (question: string) => Promise<readonly string[]>;

function plainSearch(retriever: Retriever): Search {
  return async (question) => keysOf((await retriever.retrieve(question)).passages);
}

/** The best three objects, then the objects that are related to them, then the other objects. */
function relatedSearch(store: SqliteStore, index: Index): Search {
  const expand = { relations: kubernetesRelations, from: 3, limit: first };
  const retriever = createRetriever({ store, index, limit: 2 * first, expand });
  return async (question) => {
    const { passages } = await retriever.retrieve(question);
    const own = passages.filter(({ via }) => via === undefined);
    const related = passages.filter(({ via }) => via !== undefined);
    const best = new Set(keysOf(own).slice(0, 3));
    return [...new Set([...best, ...keysOf(related).slice(0, 2), ...keysOf(own)])];
  };
}

function keysOf(passages: readonly { readonly metadata: object }[]): readonly string[] {
  const keys = passages.map(({ metadata }) => ("key" in metadata ? String(metadata.key) : ""));
  return [...new Set(keys.map((key) => key.replace(/^(\w+)[^/]*/, "$1")))];
}

async function recallOf(
  questions: readonly K8sQuestion[],
  search: Search,
): Promise<Pick<VariantRecall, "recall" | "reciprocalRank" | "byClass">> {
  const ranks: number[] = [];
  const parts = new Map<string, number[]>();
  for (const { class: kind, question, objects = [], isAcross = false } of questions) {
    const ranked = await search(question);
    const keys = ranked.slice(0, first);
    const rank = ranked.findIndex((key) => objects.includes(key));
    ranks.push(rank === -1 ? 0 : 1 / (rank + 1));
    const part = objects.filter((key) => keys.includes(key)).length / objects.length;
    const group = isAcross ? "across a relation" : kind;
    parts.set(group, [...(parts.get(group) ?? []), part]);
  }
  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  return {
    recall: mean([...parts.values()].flat()),
    reciprocalRank: mean(ranks),
    byClass: Object.fromEntries([...parts].map(([kind, numbers]) => [kind, mean(numbers)])),
  };
}

/** Wraps a source and changes its documents. */
function withText(source: DocumentSource, change: (document: Document) => Promise<Document>): DocumentSource {
  const changed = (each: SourceChange): SourceChange =>
    each.type !== "upsert"
      ? each
      : {
          ...each,
          load: async (options) => {
            const document = await each.load(options);
            return document && (await change(document));
          },
        };
  return {
    id: source.id,
    changes: async function* (options) {
      for await (const each of source.changes(options)) yield changed(each);
    },
  };
}

/** Returns a document with the object as `kubectl get -o yaml` prints it, without `managedFields`. */
async function rawYaml(
  document: Document,
  api: ApiClient,
  types: ReadonlyMap<string, ResourceType>,
): Promise<Document> {
  const [resource, namespace, name] = ["resource", "namespace", "name"].map((field) =>
    metadataText(document.metadata, field),
  );
  const type = types.get(resource ?? "");
  if (type === undefined) throw new Error(`the server does not serve ${resource}`);
  const root = type.group === "" ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const scope = namespace ? `/namespaces/${namespace}` : "";
  const object = await api.send("GET", `${root}${scope}/${type.plural}/${encodeURIComponent(name ?? "")}`);
  if (!isJson(object)) throw new Error(`${name} is no object`);
  const { metadata, ...rest } = object;
  const { managedFields: _managed, ...own } = isJson(metadata) ? metadata : {};
  return {
    ...document,
    title: undefined,
    text: `\`\`\`yaml\n${toYaml({ ...rest, metadata: own })}\n\`\`\`\n`,
  };
}

function isJson(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
