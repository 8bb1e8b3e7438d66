import { FakeInferenceBackend } from "@binnacle/core/testing";
import { ingestFolder } from "../commands/ingest.ts";
import { handbook } from "../testing/handbook.ts";
import { openApi, type OpenedApi } from "../testing/open-api.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";

/** Opens the whole API over the handbook, on SQLite or on a Qdrant server, with scripted models. */
export async function openPlatform(environment: NodeJS.ProcessEnv): Promise<OpenedApi> {
  const usage = { promptTokens: 9, completionTokens: 4 };
  const backend = new FakeInferenceBackend({ replies: [{ text: "Every night [1].", usage }] });
  const api = await openApi({ storeOf: "environment", environment, parts: { backend } });
  const folder = await temporaryFolder(handbook);
  await ingestFolder(api.system, { place: folder.path });
  await folder.dispose();
  return api;
}
