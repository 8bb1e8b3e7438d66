import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { chromiumMissing, startChromium } from "../../../../tests/servers/chromium.ts";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
} from "../../../../tests/servers/llama-server.ts";
import { ingestFolder } from "../commands/ingest.ts";
import { openRagSystem, type RagSystem } from "../rag-system.ts";
import { startServer, type RunningServer } from "../serve.ts";
import { handbook } from "../testing/handbook.ts";
import { temporaryFolder, type TemporaryFolder } from "../testing/temporary-folder.ts";

const missing = chromiumMissing() ?? (await llamaServerMissing());
const named = (name: string): string => (missing === undefined ? name : `${name} (${missing})`);

let browser: Browser;
let llm: LlamaServer;
let docs: TemporaryFolder;
let data: TemporaryFolder;
let system: RagSystem;
let server: RunningServer;
let page: Page;

beforeAll(async () => {
  if (missing !== undefined) return;
  [browser, llm, docs, data] = await Promise.all([
    startChromium(),
    startLlamaServer({ kind: "chat" }),
    temporaryFolder(handbook),
    temporaryFolder(),
  ]);
  const environment = { BINNACLE_LLM_URL: llm.url };
  system = await openRagSystem({ data: data.path, collection: "documents", environment });
  await ingestFolder(system, { place: docs.path });
  server = await startServer(system, { host: "127.0.0.1", port: 0 });
});

afterAll(async () => {
  if (missing !== undefined) return;
  await browser.close();
  await server.close();
  await system.close();
  await Promise.all([llm.close(), docs.dispose(), data.dispose()]);
});

beforeEach(async () => {
  if (missing !== undefined) return;
  page = await browser.newPage({ viewport: { width: 1000, height: 760 } });
  await page.goto(server.url);
});

test.skipIf(missing !== undefined)(
  named("streams a cited answer to a question that is typed and sent by keyboard (T3, T47)"),
  async () => {
    const growth: number[] = [];
    await page.exposeFunction("grew", (length: number) => growth.push(length));
    await page.keyboard.type("When are backups taken?");
    await page.keyboard.press("Enter");
    await page.evaluate(watchAnswer);
    await page.locator(".sources summary").first().waitFor();
    expect(await page.locator(".mode").textContent()).toContain("Written by the model");
    expect(await page.locator(".answer").textContent()).toContain("02:30");
    expect(growth.length).toBeGreaterThan(2);
    expect([...growth].sort((a, b) => a - b)).toEqual(growth);

    await page.keyboard.press("Alt+1");
    const source = page.locator(".sources details").first();
    expect(await source.getAttribute("open")).not.toBeNull();
    await source.locator(".passage mark").first().waitFor();
    expect(await source.locator(".passage").innerText()).toContain("every night at 02:30");
    expect(await page.evaluate("document.activeElement.tagName")).toBe("SUMMARY");
  },
);

test.skipIf(missing !== undefined)(
  named("refuses a question that the documents do not answer (T28)"),
  async () => {
    await page.fill("#question", "What is the boiling point of xenon?");
    await page.click("#send");
    await page.getByText("Nothing in these documents answers that.").first().waitFor();
    // The words arrive before the reply that gives their mode.
    await page.locator(".mode").getByText("Not answered", { exact: true }).waitFor();
    expect(await page.locator(".sources li").count()).toBe(0);
  },
);

test.skipIf(missing !== undefined)(
  named("stops an answer at Escape and answers the next question (T47)"),
  async () => {
    await page.fill(
      "#question",
      "Tell me everything about the signing key, backups and the rota, at great length.",
    );
    // Sent together, because a small model may answer before the browser reports its request.
    await Promise.all([page.keyboard.press("Enter"), page.keyboard.press("Escape")]);
    await page.getByText("Stopped.", { exact: true }).first().waitFor();
    expect(await page.locator(".failed").count()).toBe(0);
    await page.fill("#question", "What is the boiling point of xenon?");
    await page.keyboard.press("Enter");
    await page.getByText("Not answered", { exact: true }).waitFor();
  },
);

test.skipIf(missing !== undefined)(
  named("violates no policy of its own and shows the state of the index (T3)"),
  async () => {
    const complaints: string[] = [];
    page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.reload();
    await page.locator("#status").getByText("3 documents").waitFor();
    expect(complaints).toEqual([]);
  },
);

/** Runs in the page and reports each time the answer grows. */
const watchAnswer = `
  const answer = document.querySelector(".answer");
  const observer = new MutationObserver(() => grew(answer.textContent.length));
  observer.observe(answer, { childList: true, characterData: true, subtree: true });
`;
