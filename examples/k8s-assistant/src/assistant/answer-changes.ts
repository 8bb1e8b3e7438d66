import type { Filter } from "@binnacle/core";
import { readHistory, type ObjectChange } from "@binnacle/k8s-sync";
import { historyCollection } from "../cluster/object-history.ts";
import type { AssistantAnswer } from "./assistant-answer.ts";
import type { Asking } from "./assistant.ts";
import { finishAnswer, sourceOf } from "./finish-answer.ts";
import { citedName, type ObjectRow } from "./object-row.ts";
import type { ParsedQuestion } from "./parse-question.ts";
import { countTokens, TokenBudget } from "./token-budget.ts";

const dayMs = 86_400_000;
const mostSources = 20;

/** Answers with the recorded changes of objects, newest first. Without a time it takes the last day. */
export async function answerChanges(question: ParsedQuestion, asking: Asking): Promise<AssistantAnswer> {
  const { open, access, budget: limit, call } = asking;
  const since = question.since ?? Date.now() - dayMs;
  const histories = open.store.collection(historyCollection);
  const found = await readHistory(histories, {
    ...call,
    cluster: open.cluster,
    since,
    filter: filterOf(question),
  });
  const rows = new Map(found.map((change) => [change.objectId, rowOf(change)]));
  const allowed = new Set((await access.allowed([...rows.values()])).map(({ documentId }) => documentId));
  const changes = found.filter(({ objectId }) => allowed.has(objectId));
  const budget = new TokenBudget(limit);
  budget.add(sentence(question, changes, allowed.size, since));
  for (const change of changes) {
    if (!budget.add(`- ${time(change.at)} ${change.change} ${citedName(rowOf(change))}`)) continue;
    for (const line of change.lines) budget.add(`    ${line}`);
  }
  return finishAnswer(question, asking, {
    mode: "exact",
    text: budget.text,
    count: changes.length,
    sources: [...rows.values()]
      .filter(({ documentId }) => allowed.has(documentId))
      .slice(0, mostSources)
      .map((row) => sourceOf(row, asking)),
    cut: budget.cut === 0 ? "" : `${budget.cut} more lines had no room in ${limit} tokens`,
    usedTokens: countTokens(budget.text),
    resources: [...new Set(changes.map(({ resource }) => resource))],
  });
}

function sentence(
  { namespaces, unknownNamespaces, kinds, names }: ParsedQuestion,
  changes: readonly ObjectChange[],
  objects: number,
  since: number,
): string {
  const where = [
    ...kinds,
    ...names,
    ...[...namespaces, ...unknownNamespaces].map((name) => `namespace ${name}`),
  ];
  const about = `${where.length === 0 ? "" : `${where.join(", ")}, `}since ${time(since)}`;
  return `${changes.length} changes of ${objects} objects (${about})`;
}

function filterOf({ kinds, namespaces, unknownNamespaces, names }: ParsedQuestion): Filter {
  const any = (field: string, values: readonly string[]): Filter[] =>
    values.length === 0 ? [] : [{ [field]: { $in: values } }];
  const conditions = [
    ...any("kind", kinds),
    ...any("namespace", [...namespaces, ...unknownNamespaces]),
    ...any("name", names),
  ];
  return { $and: conditions };
}

function rowOf({ objectId, kind, resource, namespace, name, key, resourceVersion }: ObjectChange): ObjectRow {
  const group = resource.includes(".") ? resource.slice(resource.indexOf(".") + 1) : "";
  const unknown = { state: undefined, images: [], nodes: [], labels: [], warnings: [] };
  return { documentId: objectId, kind, group, resource, namespace, name, key, resourceVersion, ...unknown };
}

function time(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, "");
}
