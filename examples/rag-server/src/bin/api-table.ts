import { startQdrant } from "../../../../tests/servers/qdrant.ts";
import { apiTable, printedTable } from "../api-table/api-table.ts";
import { createExampleCalls } from "../api-table/example-calls.ts";
import { openPlatform } from "../api-table/open-platform.ts";
import { rowTests } from "../api-table/row-tests.ts";
import type { OpenedApi } from "../testing/open-api.ts";

// `npm run api-table` calls every route on SQLite and on Qdrant, and prints what came back.
const qdrant = await startQdrant({ apiKey: "table" });
const stores = {
  sqlite: await openPlatform({}),
  qdrant: await openPlatform({ QDRANT_URL: qdrant.url, QDRANT_API_KEY: "table" }),
};
const statuses = { sqlite: await statusesOn(stores.sqlite), qdrant: await statusesOn(stores.qdrant) };
const lines = apiTable({ routes: stores.sqlite.app.apiRoutes(), tests: rowTests(), statuses });
const { text, incomplete } = printedTable(lines);
process.stdout.write(`${text}\n`);
if (incomplete.length > 0) {
  process.stderr.write(`\nIncomplete: ${incomplete.join(", ")}\n`);
  process.exitCode = 1;
}
await Promise.all([stores.sqlite.close(), stores.qdrant.close()]);
await qdrant.close();

async function statusesOn(api: OpenedApi): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  found.set("GET /docs", (await api.app.inject({ url: "/docs" })).statusCode);
  for (const call of createExampleCalls())
    found.set(`${call.method} ${call.path}`, (await call.send(api)).statusCode);
  return found;
}
