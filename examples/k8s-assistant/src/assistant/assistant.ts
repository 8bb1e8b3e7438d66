import type { CallOptions, InferenceBackend } from "@binnacle/core";
import type { ClusterReader } from "@binnacle/k8s-sync";
import type { OpenIndex } from "../cluster/open-index.ts";
import type { AssistantAnswer } from "./assistant-answer.ts";
import { answerChanges } from "./answer-changes.ts";
import { answerExactly } from "./answer-exactly.ts";
import { answerFromCluster } from "./answer-from-cluster.ts";
import { answerFromPassages } from "./answer-from-passages.ts";
import { answerRelated } from "./answer-related.ts";
import { createAccessCheck, type AccessCheck } from "./access-check.ts";
import { refuseSecrets } from "./refuse-secrets.ts";
import { freshnessOf, type Freshness } from "./freshness.ts";
import { createObjectSearch, type ObjectSearch } from "./object-search.ts";
import { noCluster } from "./no-cluster.ts";
import type { ParsedQuestion } from "./parse-question.ts";

/** Options of {@link createAssistant}. */
export interface AssistantOptions {
  readonly open: OpenIndex;
  /** Connects to the cluster with the asker's rights, on first use. @default no live reads */
  readonly connect?: (() => Promise<ClusterReader>) | undefined;
  /** Shows only objects that the asker may get in the cluster. @default false */
  readonly checkAccess?: boolean | undefined;
  /** Writes the answers to questions that need words. @default quotes */
  readonly backend?: InferenceBackend | undefined;
  /** Most tokens of an answer's text, and of what a model reads. @default 2_000 */
  readonly budget?: number | undefined;
}

/** The parts with which one question is answered. */
export interface Asking {
  readonly open: OpenIndex;
  readonly search: ObjectSearch;
  readonly freshness: Freshness;
  readonly access: AccessCheck;
  readonly reader: () => Promise<ClusterReader>;
  readonly backend: InferenceBackend | undefined;
  readonly budget: number;
  readonly call: CallOptions;
}

/** Answers questions about a cluster. It reads the index and the cluster, and changes neither. */
export interface Assistant {
  /** Answers a question in words. */
  ask(question: string, options?: AskOptions): Promise<AssistantAnswer>;
  /** Answers conditions that a program states. */
  answer(question: ParsedQuestion, options?: AskOptions): Promise<AssistantAnswer>;
}

/** Options of one question. */
export interface AskOptions extends CallOptions {
  /** Most tokens. @default the assistant's own */
  readonly budget?: number | undefined;
}

/** Creates an assistant. Counts, lists and relations are exact; only other questions are a search. */
export function createAssistant(options: AssistantOptions): Assistant {
  const { open, connect, checkAccess = false, backend, budget = 2_000 } = options;
  const search = createObjectSearch(open);
  const reader = (): Promise<ClusterReader> =>
    connect === undefined ? Promise.reject(noCluster()) : connect();
  const answer: Assistant["answer"] = async (question, { budget: own = budget, ...call } = {}) => {
    const record = await open.records.read(open.cluster);
    const freshness = freshnessOf(record, Date.now());
    const access = createAccessCheck(checkAccess ? reader : undefined, call);
    return await route(question, { open, search, freshness, access, reader, backend, budget: own, call });
  };
  return {
    answer,
    ask: async (question, asked = {}) => await answer(await search.parse(question, asked), asked),
  };
}

async function route(question: ParsedQuestion, asking: Asking): Promise<AssistantAnswer> {
  if (question.asksForSecrets === true) return refuseSecrets(question, asking);
  switch (question.route) {
    case "live":
      return await answerFromCluster(question, asking);
    case "count":
    case "list":
      return await answerExactly(question, asking);
    case "related":
      return await answerRelated(question, asking);
    case "changes":
      return await answerChanges(question, asking);
    case "why":
    case "find":
      return await answerFromPassages(question, asking);
  }
}
