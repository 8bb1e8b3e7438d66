import { chatServerRows } from "../../failures/chat-server-rows.ts";
import type { FailureTable } from "../../failures/failure-table.ts";

/** Maps the failures of OpenAI's protocol to kinds and hints. */
export const openAIFailures: FailureTable = {
  rows: chatServerRows,
  // A hint and not a refusal, because some servers, such as llama-server, also answer without the version.
  hint: (kind, { codes, message }, address) => {
    if (kind !== "not-found" || new URL(address).pathname !== "/") return undefined;
    if (/model/i.test([...codes, message].join(" "))) return undefined;
    return "most servers have this protocol below /v1; add /v1 to the end of baseUrl";
  },
};
