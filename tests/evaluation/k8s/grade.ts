import type { AssistantAnswer } from "../../../examples/k8s-assistant/src/assistant/assistant-answer.ts";
import type { K8sQuestion } from "./k8s-questions.ts";

const citation = /\b([A-Z]\w+(?:\/[\w.-]+){1,2})@\d+/g;

/** Returns the keys of the objects that an answer cites, such as `Deployment/shop/web`. */
export function citedObjects({ text, sources }: AssistantAnswer): ReadonlySet<string> {
  const cited = [text, ...sources.map(({ object }) => object)].join("\n");
  return new Set([...cited.matchAll(citation)].map(([, key = ""]) => key));
}

/** Returns why an answer is wrong. Undefined if it is right. */
export function faultOf(expected: K8sQuestion, answer: AssistantAnswer): string | undefined {
  const { count, objects = [], only = false, says = [], none = false } = expected;
  if (none) return answer.mode === "none" || answer.count === 0 ? undefined : `answered (${answer.mode})`;
  if (count !== undefined && answer.count !== count)
    return `counted ${answer.count ?? "nothing"} instead of ${count}`;
  const cited = citedObjects(answer);
  const missing = objects.filter((key) => !cited.has(key));
  if (missing.length > 0) return `does not name ${missing.join(", ")}`;
  const extra = only ? [...cited].filter((key) => !objects.includes(key)) : [];
  if (extra.length > 0) return `also names ${extra.join(", ")}`;
  const told = [answer.text, ...answer.warnings].join("\n").toLowerCase();
  const unsaid = says.filter((words) => !told.includes(words.toLowerCase()));
  return unsaid.length > 0 ? `does not say "${unsaid.join('", "')}"` : undefined;
}
