import type { ClusterReader, ObjectName } from "@binnacle/k8s-sync";
import type { AssistantAnswer, AnswerSource } from "./assistant-answer.ts";
import type { Asking } from "./assistant.ts";
import { finishAnswer } from "./finish-answer.ts";
import { citedName, type ObjectRow } from "./object-row.ts";
import { findRows } from "./find-passages.ts";
import type { ParsedQuestion } from "./parse-question.ts";
import { countTokens, TokenBudget } from "./token-budget.ts";

const mostObjects = 10;

/** Answers with the present state of objects, each read from the cluster with the asker's rights. The index only
 * says which objects are meant. */
export async function answerFromCluster(question: ParsedQuestion, asking: Asking): Promise<AssistantAnswer> {
  // A name says which object is meant, whatever the other words are.
  const words = question.names.length > 0 ? [] : question.words;
  const exact = await asking.search.rows({ ...question, words }, asking.call);
  const reader = await asking.reader();
  const unknown = exact.length > 0 ? undefined : unindexedName(question);
  if (unknown !== undefined) return await answerUnindexed(question, unknown, reader, asking);
  const rows = exact.length > 0 ? exact : await findRows(question, asking);
  const budget = new TokenBudget(asking.budget);
  const sources: AnswerSource[] = [];
  let forbidden = 0;
  const asked = rows.slice(0, mostObjects);
  const may = await reader.mayRead(asked.map(nameOf), asking.call);
  for (const [position, row] of asked.entries()) {
    if (may[position] !== true) {
      forbidden += 1;
      continue;
    }
    sources.push(await readInto(budget, row, reader, asking));
  }
  if (forbidden > 0) budget.add(`${forbidden} objects may not be read with your rights.`);
  if (asked.length === 0) budget.add("The index names no object for this question.");
  const left = rows.length - asked.length;
  const cut = [
    ...(left > 0 ? [`${left} more objects`] : []),
    ...(budget.cut > 0 ? [`${budget.cut} lines had no room in ${asking.budget} tokens`] : []),
  ];
  return finishAnswer(question, asking, {
    mode: asked.length === 0 ? "none" : "live",
    text: budget.text,
    sources,
    cut: cut.join("; "),
    usedTokens: countTokens(budget.text),
    resources: [],
  });
}

/** Returns the only object that a question names by kind, namespace and name. The index does not have it (any more). */
function unindexedName({
  kinds,
  namespaces,
  names,
  words,
}: ParsedQuestion): Omit<ObjectName, "group"> | undefined {
  const [[kind, ...otherKinds], [namespace, ...otherNamespaces]] = [kinds, namespaces];
  const [name, ...otherNames] = [...names, ...words];
  const isOne = otherKinds.length + otherNamespaces.length + otherNames.length === 0;
  if (!isOne || kind === undefined || namespace === undefined || name === undefined) return undefined;
  return { kind, namespace, name };
}

/** Reads an object that the index does not name. It may have been deleted a moment ago, or be new. */
async function answerUnindexed(
  question: ParsedQuestion,
  { kind, namespace, name }: Omit<ObjectName, "group">,
  reader: ClusterReader,
  asking: Asking,
): Promise<AssistantAnswer> {
  const { types } = await reader.types(asking.call);
  const group = types.find((type) => type.kind === kind)?.group ?? "";
  const object = `${kind}/${namespace}/${name}`;
  const live = await reader.read({ group, kind, namespace, name }, asking.call);
  const lines =
    live === undefined
      ? [`${object} does not exist now, or is not selected by the sync.`]
      : [
          `${object}@${live.resourceVersion}, read now (the index does not have it):`,
          ...sentencesOf(live.text),
        ];
  const budget = new TokenBudget(asking.budget);
  for (const line of lines) budget.add(line);
  return finishAnswer(question, asking, {
    mode: "live",
    text: budget.text,
    sources: live === undefined ? [] : [{ object: `${object}@${live.resourceVersion}`, age: "now" }],
    cut: budget.cut === 0 ? "" : `${budget.cut} lines had no room in ${asking.budget} tokens`,
    usedTokens: countTokens(budget.text),
    resources: [],
  });
}

async function readInto(
  budget: TokenBudget,
  row: ObjectRow,
  reader: ClusterReader,
  { call }: Asking,
): Promise<AnswerSource> {
  const live = await reader.read(nameOf(row), call);
  if (live === undefined) {
    budget.add(`${citedName(row)}: it does not exist any more`);
    return { object: citedName(row), age: "gone now" };
  }
  const object = citedName({ ...row, resourceVersion: live.resourceVersion });
  const isSame = live.resourceVersion === row.resourceVersion;
  budget.add(`${object}, read now${isSame ? "" : ` (the index has @${row.resourceVersion})`}:`);
  for (const line of sentencesOf(live.text)) budget.add(`  ${line}`);
  return { object, age: "now" };
}

/** Returns the sentences of a document, without its title and its YAML. */
export function sentencesOf(text: string): readonly string[] {
  const [head = ""] = text.split(/^## /m);
  return head
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("# "));
}

function nameOf({ group, kind, namespace = "", name }: ObjectRow): {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
} {
  return { group, kind, namespace, name };
}
