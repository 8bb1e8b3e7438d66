import type { FoldedFacts } from "../folding/create-fold-book.ts";
import { counted, joinWords, sentence } from "./phrases.ts";

/** Writes the pods and the warnings that are folded into an object as sentences. */
export function foldedSentences(
  facts: FoldedFacts | undefined,
  mask: (text: string) => string,
): readonly string[] {
  if (facts === undefined) return [];
  const { pods, nodes, unhealthy, unhealthyCount, warnings } = facts;
  const on = nodes.length === 0 ? "" : ` on ${nodes.length === 1 ? "node" : "nodes"} ${joinWords(nodes)}`;
  const more = unhealthyCount - unhealthy.length;
  return [
    ...(pods === 0
      ? []
      : [
          `It has ${counted(pods, "pod")}${on}, and ${pods - unhealthyCount} of them ${pods - unhealthyCount === 1 ? "is" : "are"} healthy.`,
        ]),
    ...unhealthy.map(({ name, state, node }) =>
      sentence(mask(`Pod ${name}${node === "" ? "" : ` on node ${node}`} is ${state}`)),
    ),
    ...(more === 0 ? [] : [`${counted(more, "more pod")} ${more === 1 ? "is" : "are"} not healthy.`]),
    ...warnings
      .filter(({ message }) => message === "" || !unhealthy.some(({ state }) => state.includes(message)))
      .map(({ reason, message }) => sentence(mask(`Warning ${reason}: ${message}`))),
  ];
}
