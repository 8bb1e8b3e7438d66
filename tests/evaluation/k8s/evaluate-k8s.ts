import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { InferenceBackend } from "@binnacle/core";
import type { AssistantAnswer } from "../../../examples/k8s-assistant/src/assistant/assistant-answer.ts";
import { createAssistant, type Assistant } from "../../../examples/k8s-assistant/src/assistant/assistant.ts";
import { lazyReader } from "../../../examples/k8s-assistant/src/cluster/lazy-reader.ts";
import { backendFromEnvironment } from "../../../examples/k8s-assistant/src/cluster/model-servers.ts";
import { openIndex } from "../../../examples/k8s-assistant/src/cluster/open-index.ts";
import { snapshot } from "../../../examples/k8s-assistant/src/commands/snapshot.ts";
import { watch } from "../../../examples/k8s-assistant/src/commands/watch.ts";
import { runCommand } from "../../../examples/k8s-assistant/src/testing/run-command.ts";
import { openEmbedder } from "../embedder.ts";
import { faultOf } from "./grade.ts";
import { changes } from "./k8s-changes.ts";
import { questions, type K8sQuestion } from "./k8s-questions.ts";
import { compareVariants, type VariantRecall } from "./search-variants.ts";
import { canaries } from "./seed-objects.ts";
import { startSeededCluster, type SeededCluster } from "./seeded-cluster.ts";

/** A question, the answer, and why it is wrong. */
export interface GradedAnswer {
  readonly question: K8sQuestion;
  readonly answer: AssistantAnswer;
  readonly fault: string | undefined;
}

/** A change of the cluster, and the milliseconds until the answer is right. */
export interface ChangeDelay {
  readonly change: string;
  readonly isLive: boolean;
  /** Infinity if the answer never became right. */
  readonly ms: number;
  readonly fault: string | undefined;
}

/** The figures of one evaluation. */
export interface K8sEvaluation {
  readonly variants: readonly VariantRecall[];
  readonly graded: readonly GradedAnswer[];
  /** Answers that a model wrote. Empty without a model. */
  readonly written: readonly GradedAnswer[];
  readonly delays: readonly ChangeDelay[];
  /** Number of planted secrets in the answers. */
  readonly leaks: number;
}

const patienceMs = 20_000;

/** Seeds a real cluster, follows it, asks every question, and changes the cluster in between. */
export async function evaluateK8s(note: (line: string) => void): Promise<K8sEvaluation> {
  note("starts and seeds a cluster");
  const cluster = await startSeededCluster();
  const data = mkdtempSync(join(tmpdir(), "binnacle-evaluate-k8s-"));
  const backend = backendFromEnvironment(process.env);
  const opened = await openEmbedder();
  try {
    note("compares raw YAML, sentences and relations");
    const searched = questions.filter(
      ({ class: kind, objects }) => objects !== undefined && ["find", "why", "depends"].includes(kind),
    );
    const lab = { kubeconfig: cluster.kubeconfig, api: cluster.api, questions: searched };
    const variants = [...(await compareVariants(lab, undefined))];
    if (typeof opened === "string") note(`skipped: hybrid search (${opened})`);
    else variants.push(...(await compareVariants(lab, opened.embedder)));
    return {
      variants,
      ...(await withFollowedIndex(cluster, data, (ask) => askAll(cluster, ask, backend, note))),
    };
  } finally {
    await Promise.all([backend?.close(), typeof opened === "string" ? undefined : opened.close()]);
    await cluster.close();
    rmSync(data, { recursive: true, force: true });
  }
}

type Ask = (backend: InferenceBackend | undefined) => Assistant;

async function withFollowedIndex<T>(
  { kubeconfig }: SeededCluster,
  data: string,
  body: (ask: Ask) => Promise<T>,
): Promise<T> {
  const options = { json: true, data, kubeconfig, cluster: "lab" };
  const first = await runCommand(snapshot, { ...options, allowMassDelete: false });
  if (first.status !== 0) throw new Error(`the snapshot failed: ${first.lines.join("; ")}`);
  const stop = new AbortController();
  const watched = runCommand(watch, { ...options, allowMassDelete: false, signal: stop.signal });
  const open = await openIndex({ ...options, mustExist: true });
  const reader = lazyReader(open, options);
  try {
    await untilFollowed(async () => (await open.records.read("lab"))?.mode === "watching");
    return await body((backend) => createAssistant({ open, connect: reader.connect, backend }));
  } finally {
    await reader.close();
    await open.close();
    stop.abort(new Error("the evaluation is done"));
    await watched;
  }
}

async function untilFollowed(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + patienceMs; !(await isSo()); await wait(100))
    if (Date.now() > end) throw new Error("no process follows the cluster");
}

async function askAll(
  { api }: SeededCluster,
  ask: Ask,
  backend: InferenceBackend | undefined,
  note: (line: string) => void,
): Promise<Omit<K8sEvaluation, "variants">> {
  const plain = ask(undefined);
  note(`asks ${questions.length} questions`);
  const graded = await gradeAll(plain, questions);
  const inWords = questions.filter(({ class: kind }) => kind === "find" || kind === "why");
  if (backend !== undefined) note(`asks ${inWords.length} of them with a model`);
  const written = backend === undefined ? [] : await gradeAll(ask(backend), inWords);
  note(`makes ${changes.length} changes`);
  const delays: ChangeDelay[] = [];
  const later: AssistantAnswer[] = [];
  for (const { change, isLive, apply, question } of changes) {
    await apply(api);
    const startedAt = performance.now();
    let fault: string | undefined;
    let ms = Infinity;
    do {
      const answer = await plain.ask(question.question);
      later.push(answer);
      fault = faultOf(question, answer);
      if (fault === undefined) ms = performance.now() - startedAt;
      else await wait(100);
    } while (fault !== undefined && !isLive && performance.now() - startedAt < patienceMs);
    delays.push({ change, isLive, ms, fault });
  }
  const said = JSON.stringify([graded, written, later].flat());
  const leaks = canaries.filter((canary) => said.includes(canary)).length;
  return { graded, written, delays, leaks };
}

async function gradeAll(
  assistant: Assistant,
  asked: readonly K8sQuestion[],
): Promise<readonly GradedAnswer[]> {
  const graded: GradedAnswer[] = [];
  for (const question of asked) {
    const answer = await assistant.ask(question.question);
    graded.push({ question, answer, fault: faultOf(question, answer) });
  }
  return graded;
}
