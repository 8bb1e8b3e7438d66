import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { chromiumMissing, startChromium } from "../../../../tests/servers/chromium.ts";
import { openChatPage, type ChatPage, type ChatPageOptions } from "./chat-page.ts";

/** Chat pages for the tests of one file. */
export interface ChatPages {
  /** Reason why the tests cannot run. Undefined if they can. */
  readonly missing: string | undefined;
  /** The reason in brackets, for the end of a test's name. Empty if the tests can run. */
  readonly because: string;
  /** Opens a page and closes it after the test. */
  open(options: ChatPageOptions): Promise<ChatPage>;
}

/** Starts one browser for all tests of the calling file. */
export function useChatPages(): ChatPages {
  const missing = chromiumMissing();
  let browser: Browser;
  let chat: ChatPage | undefined;
  beforeAll(async () => {
    if (missing === undefined) browser = await startChromium();
  });
  afterEach(async () => {
    await chat?.close();
    chat = undefined;
  });
  afterAll(async () => {
    if (missing === undefined) await browser.close();
  });
  return {
    missing,
    because: missing === undefined ? "" : ` (${missing})`,
    open: async (options) => (chat = await openChatPage(browser, options)),
  };
}

/** Asks by keyboard, as a reader does. */
export async function askOnPage(page: Page, question: string): Promise<void> {
  await page.fill("#question", question);
  await page.keyboard.press("Enter");
}
