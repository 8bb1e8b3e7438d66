import type { FakeReply } from "@binnacle/core/testing";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { askOnPage, useChatPages } from "../testing/use-chat-pages.ts";

const { missing, because, open } = useChatPages();

async function answered(reply: FakeReply, otherFolder?: Readonly<Record<string, string>>): Promise<Page> {
  const { page } = await open({ reply, everyMs: 1, otherFolder, viewport: { width: 900, height: 560 } });
  await askOnPage(page, "When are backups taken?");
  await page.locator(".sources li").first().waitFor();
  return page;
}

test.skipIf(missing !== undefined).each([
  ["cut", { text: "Every night at 02:30 [1]. To restore", finishReason: "length" }, "The answer is cut"],
  ["repeated", { text: `Every night [1]. ${"At 02:30 [1]. ".repeat(40)}` }, "The model repeated itself"],
] as const)(`shows that an answer is incomplete: %s (T3)${because}`, async (_, reply, told) => {
  const page = await answered(reply);
  expect(await page.locator(".ending").innerText()).toContain(told);
  expect(await page.locator("#announcer").textContent()).toContain(told);
  expect(await page.locator(".failed").count()).toBe(0);
});

test.skipIf(missing !== undefined)(
  `shows the model's passages for an answer that cites nothing (T3)${because}`,
  async () => {
    const page = await answered("Whenever the weather is fine.");
    expect(await page.locator(".mode").textContent()).toContain("cites none");
    expect(await page.locator(".groups h3").innerText()).toBe("Read by the model, but not cited");
    expect(await page.locator(".sources .number").innerText()).toBe("");
    await page.locator(".sources summary").click();
    await page.locator(".passage mark").first().waitFor();
    expect(await page.locator(".passage").innerText()).toContain("every night at 02:30");
    expect(await page.locator(".sources .range").innerText()).toContain("backups.md, characters 0 to");
    expect(await page.locator(".ending").isVisible()).toBe(false);
  },
);

test.skipIf(missing !== undefined)(`distinguishes sources of two folders (T3)${because}`, async () => {
  const page = await answered("Every night [1], and at high water [2].", {
    "backups.md": "# Backups\n\nBackups are taken at high water too.\n",
  });
  const paths = await page.locator(".sources .file").allInnerTexts();
  expect(paths).toHaveLength(2);
  expect(new Set(paths).size).toBe(2);
});

test.skipIf(missing !== undefined)(
  `gives a reason for a refusal and shows the nearest passages (Q45)${because}`,
  async () => {
    const page = await answered("Nothing in these documents answers that.");
    expect(await page.locator(".mode").textContent()).toBe("Not answered");
    expect(await page.locator(".ending").innerText()).toContain("found no answer in the passages below");
    expect(await page.locator(".sources .file").first().innerText()).toBe("backups.md");
  },
);
