import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { chromiumMissing, startChromium } from "../../../../tests/servers/chromium.ts";
import { openChatPage, type ChatPage, type ChatPageOptions } from "./chat-page.ts";

/** Chat pages for the tests of one file. */
export interface ChatPages {
  /** Why there can be none, where that is so. */
  readonly missing: string | undefined;
  /** The reason in brackets, to follow a test's name; empty where there is none. */
  readonly because: string;
  /** Opens the page of one test, which is closed after it. */
  open(options: ChatPageOptions): Promise<ChatPage>;
}

/** Starts one browser for all tests of the file that calls this. */
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
