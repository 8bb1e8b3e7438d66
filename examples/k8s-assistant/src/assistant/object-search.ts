import type { CallOptions, Filter, StoredPoint } from "@binnacle/core";
import { kubernetesRelations, type KubernetesMetadata } from "@binnacle/k8s-sync";
import type { OpenIndex } from "../cluster/open-index.ts";
import { objectRow, type ObjectRow } from "./object-row.ts";
import { candidateNames, parseQuestion, type ParsedQuestion, type Vocabulary } from "./parse-question.ts";

const mostValues = 1_000;
const badStates: ReadonlySet<string> = new Set(["NotReady", "Failed", "Pending", "Lost"]);

/** An object that a relation leads to. */
export interface RelatedObject {
  readonly relation: string;
  readonly point: StoredPoint;
}

/** Exact reads of the objects of one cluster in an index. */
export interface ObjectSearch {
  /** Reads a question with the names that the index has. */
  parse(question: string, call: CallOptions): Promise<ParsedQuestion>;
  /** Returns every object that meets the conditions, ordered by key. */
  rows(question: ParsedQuestion, call: CallOptions): Promise<readonly ObjectRow[]>;
  /** Returns the first chunk of each object with one of the names. */
  named(question: ParsedQuestion, call: CallOptions): Promise<readonly StoredPoint[]>;
  /** Returns the first chunk of each object that is not ready or has warnings, of the question's kinds and
   * namespaces. */
  troubled(question: ParsedQuestion, call: CallOptions): Promise<readonly StoredPoint[]>;
  /** Returns the objects that are related to an object by one step. */
  related(point: StoredPoint, call: CallOptions): Promise<readonly RelatedObject[]>;
  /** Returns the filter of the conditions that the question names. */
  filter(question: ParsedQuestion): Filter;
}

/** Creates the exact reads of a cluster. */
export function createObjectSearch({ store, index, cluster }: OpenIndex): ObjectSearch {
  const collection = store.collection(index.name);
  const objects = store.collection<KubernetesMetadata>(index.name);
  const scan = async (filter: Filter, call: CallOptions): Promise<readonly StoredPoint[]> => {
    const points: StoredPoint[] = [];
    for await (const point of collection.scan({ ...call, filter, sourceId: cluster, index: 0 }))
      points.push(point);
    return points.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  };
  const values = async (field: string, call: CallOptions): Promise<readonly string[]> => {
    const found = await collection.facet(field, { ...call, filter: { cluster }, limit: mostValues });
    return found.map(({ value }) => String(value));
  };
  const vocabulary = async (question: string, call: CallOptions): Promise<Vocabulary> => {
    const words = candidateNames(question);
    const [kinds, namespaces, nodes, images, named] = await Promise.all([
      values("kind", call),
      values("namespace", call),
      values("nodes", call),
      values("images", call),
      words.length === 0 ? [] : scan({ cluster, name: { $in: words } }, call),
    ]);
    const names = new Map<string, readonly string[]>();
    for (const { name, kind } of named.map(objectRow)) names.set(name, [...(names.get(name) ?? []), kind]);
    return { kinds, namespaces, nodes, images, names };
  };
  const filter = (question: ParsedQuestion): Filter => filterOf(cluster, question);
  return {
    filter,
    parse: async (question, call) => parseQuestion(question, await vocabulary(question, call)),
    rows: async (question, call) => {
      const rows = (await scan(filter(question), call)).map(objectRow);
      return rows.filter((row) => question.words.every((word) => contains(row, word)));
    },
    named: async (question, call) =>
      question.names.length === 0
        ? []
        : await scan(filter({ ...question, states: [], images: [], nodes: [] }), call),
    troubled: async (question, call) => {
      const points = await scan(filter({ ...question, names: [], states: [] }), call);
      return points.filter((point) => {
        const { state = "", warnings } = objectRow(point);
        return warnings.length > 0 || badStates.has(state);
      });
    },
    related: async (point, call) => {
      const found: RelatedObject[] = [];
      const seen = new Set([point.chunk.documentId]);
      for (const { filter: candidates, relationTo } of kubernetesRelations(point.metadata)) {
        const others = objects.scan({ ...call, filter: candidates, sourceId: cluster, index: 0 });
        for await (const other of others) {
          const relation = relationTo(other.metadata);
          if (relation === undefined || seen.has(other.chunk.documentId)) continue;
          seen.add(other.chunk.documentId);
          found.push({ relation, point: other });
        }
      }
      return found;
    },
  };
}

function filterOf(cluster: string, question: ParsedQuestion): Filter {
  const { kinds, namespaces, unknownNamespaces, states, images, nodes, labels, names } = question;
  const any = (field: string, values: readonly string[]): Filter[] =>
    values.length === 0 ? [] : [{ [field]: { $in: values } }];
  return {
    $and: [
      { cluster },
      ...any("kind", kinds),
      ...any("namespace", [...namespaces, ...unknownNamespaces]),
      ...any("state", states),
      ...any("images", images),
      ...any("nodes", nodes),
      ...labels.map((label): Filter => ({ labels: label })),
      ...any("name", names),
    ],
  };
}

/** Returns true if a word occurs in the names by which people know an object. */
function contains({ key, images, labels, warnings }: ObjectRow, word: string): boolean {
  return [key, ...images, ...labels, ...warnings].some((text) => text.toLowerCase().includes(word));
}

function keyOf(point: StoredPoint): string {
  return objectRow(point).key;
}
