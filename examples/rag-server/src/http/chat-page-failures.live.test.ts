import { InferenceError } from "@binnacle/core";
import type { FakeReply } from "@binnacle/core/testing";
import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { createKeyRing } from "../guard/keys/key-ring.ts";
import { testKey } from "../testing/test-keys.ts";
import { answerLongerThan, type ChatPage } from "../testing/chat-page.ts";
import { askOnPage, useChatPages } from "../testing/use-chat-pages.ts";

const { missing, because, open: openPage } = useChatPages();
const question = "When are backups taken?";

let chat: ChatPage;

async function open(reply: FakeReply, everyMs = 1): Promise<Page> {
  chat = await openPage({ reply, everyMs });
  await chat.page.locator("#status").getByText("3 documents").waitFor();
  return chat.page;
}

const ask = (page: Page): Promise<void> => askOnPage(page, question);

test.skipIf(missing !== undefined)(
  `shows its own words when the server is gone, and keeps the question for another try (T3)${because}`,
  async () => {
    const page = await open("Every night [1].");
    await chat.stopServer();
    await ask(page);
    await page.locator(".ending.failed").waitFor();
    expect(await page.locator(".ending").textContent()).toBe(
      "The server does not answer. Your question is back in the box.",
    );
    expect(await page.inputValue("#question")).toBe(question);
    await page.locator('#status[data-state="down"]').waitFor();

    await chat.startAgain();
    await page.keyboard.press("Enter");
    await page.locator(".turn:last-child .sources summary").waitFor();
    expect(await page.inputValue("#question")).toBe("");
    await page.locator('#status[data-state="ok"]').waitFor();
  },
);

test.skipIf(missing !== undefined)(
  `keeps the text of a broken answer, and the next question does not overwrite it (T3)${because}`,
  async () => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const error = new InferenceError("http://127.0.0.1:8141 went away", { kind: "interrupted" });
    const page = await open({ text: "Every night at ", error }, 100);
    await ask(page);
    await page.keyboard.type("And what else?");
    await page.locator(".ending.failed").waitFor();
    vi.restoreAllMocks();
    expect(await page.locator(".ending").textContent()).toBe(
      "The model server ended the answer early; ask again.",
    );
    expect(await page.locator(".answer").textContent()).toBe("Every night at ");
    expect(await page.inputValue("#question")).toBe("And what else?");
  },
);

test.skipIf(missing !== undefined)(
  `does not treat an answer that Escape stopped as a failure (T47)${because}`,
  async () => {
    const page = await open("and so on ".repeat(100), 20);
    await ask(page);
    await answerLongerThan(page, 30);
    const color = `getComputedStyle(document.querySelector(".answer")).color`;
    const before: unknown = await page.evaluate(color);
    await page.keyboard.press("Escape");
    await page.locator(".ending.stopped").waitFor();
    expect(await page.locator(".ending").textContent()).toBe("Stopped.");
    expect(await page.locator(".answer").textContent()).toContain("and so on");
    expect(await page.evaluate(color)).toBe(before);
    expect(await page.locator(".failed").count()).toBe(0);
    expect(await page.getAttribute("#status", "data-state")).toBe("ok");
  },
);

test.skipIf(missing !== undefined)(`shows that the server stopped in mid-answer (T3)${because}`, async () => {
  const page = await open("and so on ".repeat(120), 100);
  await ask(page);
  await answerLongerThan(page, 10);
  await chat.stopServer();
  await page.locator(".ending.failed").waitFor();
  expect(await page.locator(".ending").textContent()).toContain("The server is being stopped");
  expect(await page.locator(".answer").textContent()).toContain("and so on");
  expect(await page.inputValue("#question")).toBe(question);
});

test.skipIf(missing !== undefined)(
  `asks for the key of a server with keys, and keeps it for the tab (T3, T61)${because}`,
  async () => {
    const { stored, headers } = testKey("web", { roles: ["reader"] });
    const { page } = await openPage({
      reply: "At 02:30 [1].",
      everyMs: 1,
      keys: createKeyRing(() => [stored]),
    });
    await page.locator("#key-form").waitFor();
    expect(await page.locator("#status").textContent()).toBe("A key is needed");
    await page.fill("#key", headers.authorization.replace("Bearer ", ""));
    await page.keyboard.press("Enter");
    await page.locator("#examples button").first().waitFor();
    expect(await page.locator("#key-form").isVisible()).toBe(false);
    await page.reload();
    await page.locator("#status").getByText("3 documents").waitFor();
    await ask(page);
    await page.locator(".sources summary").first().click();
    await page.locator(".passage mark").first().waitFor();
  },
);
