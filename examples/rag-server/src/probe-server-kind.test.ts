import { expect, test } from "vitest";
import { probeServerKind } from "./probe-server-kind.ts";
import { fakeServer } from "./testing/fake-server.ts";

test("waits for a server that loads its model, and reports it once", async () => {
  let asked = 0;
  const url = await fakeServer((request, response) => {
    const isThere = request.url === "/props" && (asked += 1) > 2;
    response.writeHead(isThere ? 200 : 503).end();
  });
  const notes: string[] = [];
  const kind = await probeServerKind("BINNACLE_LLM", { url }, { onNote: (line) => notes.push(line) });
  expect(kind).toBe("llama-cpp");
  expect(notes).toEqual([`BINNACLE_LLM_URL: waiting for ${url} to load its model`]);
});

test("reports a server that never finishes loading as still loading", async () => {
  const url = await fakeServer((_, response) => response.writeHead(503).end());
  const probing = probeServerKind("BINNACLE_LLM", { url }, { loadingPatienceMs: 600 });
  await expect(probing).rejects.toMatchObject({
    code: "still_loading",
    message: expect.stringContaining(`${url} is still loading its model after 0.6 s`),
  });
});

test("distinguishes a server that hangs from a missing one", async () => {
  const url = await fakeServer(() => undefined);
  const hanging = probeServerKind("BINNACLE_EMBED", { url }, { answerWithinMs: 100 });
  await expect(hanging).rejects.toMatchObject({
    code: "timeout",
    message: expect.stringContaining(`BINNACLE_EMBED_URL: ${url} did not answer within 0.1 s`),
  });
  const missing = probeServerKind("BINNACLE_EMBED", { url: "http://127.0.0.1:2" });
  await expect(missing).rejects.toMatchObject({ code: "unreachable" });
});
