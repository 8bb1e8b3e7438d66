import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { z } from "zod";
import { askOnPage, useChatPages } from "../testing/use-chat-pages.ts";

const { missing, because, open } = useChatPages();
const chatBody = z.object({
  message: z.string(),
  history: z.array(z.object({ question: z.string(), answer: z.string() })).optional(),
});

/** Asks and resolves to the body that the page sent. */
async function sent(page: Page, ask: () => Promise<void>): Promise<z.output<typeof chatBody>> {
  const [request] = await Promise.all([page.waitForRequest(/\/chat$/), ask()]);
  await page.locator('.turn:last-child .answer[data-busy="false"]').waitFor();
  return chatBody.parse(request.postDataJSON());
}

test.skipIf(missing !== undefined)(
  `sends the conversation with a follow-up, keeps it over a reload, and begins a new one (T3, T6)${because}`,
  async () => {
    const { page } = await open({ reply: "Every night at 02:30 [1].", everyMs: 1 });
    const first = await sent(page, () => askOnPage(page, "When are backups taken?"));
    expect(first).toEqual({ message: "When are backups taken?" });
    await page.reload();
    await page.locator(".turn .sources summary").first().waitFor();
    expect(await page.locator(".turn .asked").allInnerTexts()).toEqual(["When are backups taken?"]);
    expect(await page.locator("#welcome").isVisible()).toBe(false);
    const next = await sent(page, () => askOnPage(page, "And how long are they kept?"));
    expect(next.history).toEqual([
      { question: "When are backups taken?", answer: "Every night at 02:30 [1]." },
    ]);
    expect(await page.locator(".turn:last-child .searched").innerText()).toContain("(backups)");
    await page.locator("#reset").click();
    expect(await page.locator(".turn").count()).toBe(0);
    await page.reload();
    await page.locator("#examples button").first().waitFor();
    expect(await page.locator(".turn").count()).toBe(0);
  },
);

test.skipIf(missing !== undefined)(
  `shows on the empty page what is indexed, and asks an example question (T3)${because}`,
  async () => {
    const { page } = await open({ reply: "At 02:30 [1].", everyMs: 1 });
    await page.locator("#examples button").first().waitFor();
    expect(await page.locator("#indexed").innerText()).toContain("(3 documents)");
    const example = await page.locator("#examples button").first().innerText();
    const body = await sent(page, () => page.locator("#examples button").first().click());
    expect(body.message).toBe(example);
  },
);

test.skipIf(missing !== undefined)(`copies an answer and asks it again (T3)${because}`, async () => {
  const { page } = await open({ reply: "Every night at 02:30 [1].", everyMs: 1 });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await sent(page, () => askOnPage(page, "When are backups taken?"));
  await page.locator(".copy").click();
  await page.getByText("Copied.").waitFor();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe(
    "Every night at 02:30 [1].\n[1] backups.md › Backups",
  );
  const again = await sent(page, () => page.locator(".again").click());
  expect(again).toEqual({ message: "When are backups taken?" });
  expect(await page.locator(".turn").count()).toBe(1);
});
