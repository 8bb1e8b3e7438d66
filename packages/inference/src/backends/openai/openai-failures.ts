import { chatServerRows } from "../../failures/chat-server-rows.ts";
import type { FailureTable } from "../../failures/failure-table.ts";

/** How OpenAI and the servers of its protocol say what went wrong. */
export const openAIFailures: FailureTable = {
  rows: chatServerRows,
  // Not refused beforehand: some servers, llama-server among them, answer without the version too.
  hint: (kind, { codes, message }, address) => {
    if (kind !== "not-found" || new URL(address).pathname !== "/") return undefined;
    if (/model/i.test([...codes, message].join(" "))) return undefined;
    return "most servers have this protocol below /v1: put it at the end of baseUrl";
  },
};
