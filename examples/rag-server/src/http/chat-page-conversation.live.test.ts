import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { z } from "zod";
import { expectAccessible } from "../testing/axe-faults.ts";
import { askOnPage, useChatPages } from "../testing/use-chat-pages.ts";

const { missing, because, open } = useChatPages();
const chatBody = z.object({
  message: z.string(),
  sessionId: z.string().optional(),
  history: z.array(z.object({ question: z.string(), answer: z.string() })).optional(),
});

/** Asks and resolves to the body that the page sent. */
async function sent(page: Page, ask: () => Promise<void>): Promise<z.output<typeof chatBody>> {
  const [request] = await Promise.all([page.waitForRequest(/\/chat$/), ask()]);
  await page.locator('.turn:last-child .answer[data-busy="false"]').waitFor();
  return chatBody.parse(request.postDataJSON());
}

test.skipIf(missing !== undefined)(
  `asks a follow-up in the same session, keeps the conversation over a reload, and begins a new one (T3, T6)${because}`,
  async () => {
    const { page } = await open({ reply: "Every night at 02:30 [1].", everyMs: 1 });
    const first = await sent(page, () => askOnPage(page, "When are backups taken?"));
    expect(first).toEqual({ message: "When are backups taken?", sessionId: "new" });
    await page.reload();
    await page.locator(".turn .sources summary").first().waitFor();
    expect(await page.locator(".turn .asked").allInnerTexts()).toEqual(["When are backups taken?"]);
    expect(await page.locator("#welcome").isVisible()).toBe(false);
    const next = await sent(page, () => askOnPage(page, "And how long are they kept?"));
    expect(next.history).toBeUndefined();
    expect(next.sessionId).toMatch(/^(?!new$)./);
    expect(await page.locator(".turn:last-child .searched").innerText()).toContain("(backups)");
    await page.locator("#reset").click();
    expect(await page.locator(".turn").count()).toBe(0);
    await page.reload();
    await page.locator("#examples button").first().waitFor();
    expect(await page.locator(".turn").count()).toBe(0);
  },
);

test.skipIf(missing !== undefined)(
  `sends the turns themselves when the server has lost the session (T6)${because}`,
  async () => {
    const { page } = await open({ reply: "Every night at 02:30 [1].", everyMs: 1 });
    await sent(page, () => askOnPage(page, "When are backups taken?"));
    await page.evaluate(`localStorage.setItem("binnacle.session", "gone")`);
    await page.reload();
    const bodies: unknown[] = [];
    page.on(
      "request",
      (request) => void (request.url().endsWith("/chat") && bodies.push(request.postDataJSON())),
    );
    await sent(page, () => askOnPage(page, "And how long are they kept?"));
    const history = [{ question: "When are backups taken?", answer: "Every night at 02:30 [1]." }];
    expect(bodies).toMatchObject([{ sessionId: "gone" }, { history }]);
    expect(await page.locator(".turn:last-child .searched").innerText()).toContain("(backups)");
  },
);

test.skipIf(missing !== undefined)(
  `lists the conversations that the server keeps, opens an earlier one, and deletes it (T6)${because}`,
  async () => {
    const { page } = await open({ reply: "Every night at 02:30 [1].", everyMs: 1 });
    await sent(page, () => askOnPage(page, "When are backups taken?"));
    await page.locator("#reset").click();
    await sent(page, () => askOnPage(page, "Who is on call?"));
    await page.locator("#open-sessions").press("Enter");
    await page.locator("#sessions li").nth(1).waitFor();
    expect(await page.locator("#sessions .session").allInnerTexts()).toEqual([
      "Who is on call?",
      "When are backups taken?",
    ]);
    await expectAccessible(page, "conversations");
    await page.getByRole("button", { name: "When are backups taken?", exact: true }).click();
    await page.locator(".turn .mode").getByText("From an earlier visit").waitFor();
    expect(await page.locator(".answer").allInnerTexts()).toEqual(["Every night at 02:30 [1]."]);
    const next = await sent(page, () => askOnPage(page, "And how long are they kept?"));
    expect(next.sessionId).toMatch(/^(?!new$)./);

    await page.locator("#open-sessions").click();
    await page.getByRole("button", { name: "Delete: When are backups taken?" }).click();
    await page.getByRole("button", { name: "Really delete: When are backups taken?" }).click();
    await page.locator("#sessions-state").getByText("Deleted.").waitFor();
    expect(await page.locator("#sessions li").count()).toBe(1);
    expect(await page.locator(".turn").count()).toBe(0);
    await page.keyboard.press("Escape");
    expect(await page.locator("#welcome").isVisible()).toBe(true);
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
  expect(again).toEqual({ message: "When are backups taken?", sessionId: "new" });
  expect(await page.locator(".turn").count()).toBe(1);
});
