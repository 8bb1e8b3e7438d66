import { FakeInferenceBackend, type FakeReply } from "@binnacle/core/testing";
import type { Browser, Page } from "playwright-core";
import type { GuardKeys } from "../guard/register-guard.ts";
import { startServer } from "../serve.ts";
import { openHandbook } from "./open-handbook.ts";
import { pacedBackend } from "./paced-backend.ts";

/** The words and the pace of the page's model. */
export interface ChatPageOptions {
  readonly reply: FakeReply;
  /** Milliseconds between words. */
  readonly everyMs: number;
  /** Files of a second indexed folder. */
  readonly otherFolder?: Readonly<Record<string, string>> | undefined;
  /** The keys that the server wants. @default none */
  readonly keys?: GuardKeys | undefined;
  readonly viewport?: { readonly width: number; readonly height: number } | undefined;
}

/** A chat page in a browser. The model behind its server is scripted. */
export interface ChatPage {
  readonly page: Page;
  /** Stops the server but leaves the page open. */
  stopServer(): Promise<void>;
  /** Starts the same server again on the same port. */
  startAgain(): Promise<void>;
  close(): Promise<void>;
}

export async function openChatPage(browser: Browser, options: ChatPageOptions): Promise<ChatPage> {
  const { reply, everyMs, otherFolder, keys, viewport = { width: 1280, height: 700 } } = options;
  const opened = await openHandbook(otherFolder);
  const backend = pacedBackend(new FakeInferenceBackend({ replies: [reply] }), everyMs);
  const start = (port: number) => startServer(opened.answeredBy(backend), { host: "127.0.0.1", port, keys });
  let server = await start(0);
  const page = await browser.newPage({ viewport });
  await page.goto(server.url);
  return {
    page,
    stopServer: () => server.close(),
    startAgain: async () => {
      server = await start(Number(new URL(server.url).port));
    },
    close: async () => {
      await page.close();
      await server.close();
      await opened.dispose();
    },
  };
}

/** Waits until the newest answer is longer than `length`. */
export async function answerLongerThan(page: Page, length: number): Promise<void> {
  // Playwright's own wait for a condition needs `eval`, which the page's policy forbids.
  while (
    !(await page.evaluate(`[...document.querySelectorAll(".answer")].at(-1).textContent.length > ${length}`))
  )
    await page.waitForTimeout(10);
}
