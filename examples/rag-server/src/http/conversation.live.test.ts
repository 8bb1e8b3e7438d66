import { afterAll, beforeAll, expect, test } from "vitest";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
} from "../../../../tests/servers/llama-server.ts";
import { ingestFolder } from "../commands/ingest.ts";
import { answererOf, openRagSystem, type RagSystem } from "../rag-system.ts";
import { temporaryFolder, type TemporaryFolder } from "../testing/temporary-folder.ts";

const missing = await llamaServerMissing();
const because = missing === undefined ? "" : ` (skipped: ${missing})`;

const pages = {
  "tenants.md":
    "# Tenants\n\nA tenant is one customer of the platform. Tenants are deleted with `tenant drop NAME`, which removes every record.\n",
  "files.md":
    "# Files\n\nFiles are deleted by the nightly job, thirty days after somebody last opened them.\n",
  "backups.md": "# Backups\n\nBackups are taken every night at 02:30 and kept for 35 days.\n",
};

let [llm, embed]: (LlamaServer | undefined)[] = [];
let [docs, data]: (TemporaryFolder | undefined)[] = [];
let system: RagSystem;

beforeAll(async () => {
  if (missing !== undefined) return;
  [llm, embed] = await Promise.all([startLlamaServer({ kind: "chat" }), startLlamaServer({ kind: "embed" })]);
  [docs, data] = await Promise.all([temporaryFolder(pages), temporaryFolder()]);
  const environment = { BINNACLE_LLM_URL: llm.url, BINNACLE_EMBED_URL: embed.url };
  system = await openRagSystem({ data: data.path, collection: "documents", environment });
  await ingestFolder(system, { place: docs.path });
});

afterAll(async () => {
  if (missing !== undefined) return;
  await system.close();
  await Promise.all([llm?.close(), embed?.close(), docs?.dispose(), data?.dispose()]);
});

test.skipIf(missing !== undefined)(
  `finds the page of the last question's subject, with a real model and without one (T6, T46)${because}`,
  async () => {
    for (const opened of [system, { ...system, backend: undefined }]) {
      const answerer = answererOf(opened);
      const first = await answerer.answer("What is a tenant?");
      expect(first.mode).not.toBe("none");
      const history = [{ question: first.question, answer: first.answer }];
      const second = await answerer.answer("And how are they deleted?", { history });
      expect(second.trace.conversation).toMatchObject({ question: expect.stringMatching(/tenant/i) });
      expect(second.trace.retrieval.passages[0]?.documentId).toBe("tenants.md");
      expect(second.mode).not.toBe("none");
    }
  },
);
