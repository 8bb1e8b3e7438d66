import { expect, onTestFinished, test } from "vitest";
import { startFakeReplica } from "../servers/fake-replica/start-fake-replica.ts";
import { firstExample } from "./code-blocks.ts";
import { createReaderFolder } from "./reader-folder.ts";

test('runs the app of the guide "From one llama-server to a fleet" with both servers, and with one of them dead (T57)', async () => {
  const [first, second, reader] = await Promise.all([
    startFakeReplica(1),
    startFakeReplica(2),
    createReaderFolder(),
  ]);
  onTestFinished(async () => {
    first.close();
    second.close();
    await reader.remove();
  });
  const code = firstExample("docs/guides/fleet.md");
  const environment = { BINNACLE_LLM_URL: `${first.url},${second.url}` };
  expect(await reader.run(code, environment)).toBe("20 answers\nfirst available\nsecond available\n");
  first.kill();
  expect(await reader.run(code, environment)).toMatch(/^20 answers\nfirst \w+\nsecond available\n$/);
}, 60_000);
