import type { FakeReply } from "@binnacle/core/testing";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axeFaults, expectAccessible } from "../testing/axe-faults.ts";
import { answerLongerThan } from "../testing/chat-page.ts";
import { askOnPage, useChatPages } from "../testing/use-chat-pages.ts";

const { missing, because, open } = useChatPages();
const question = "How do I rotate the signing key, and when are backups taken?";

async function asked(reply: FakeReply): Promise<Page> {
  const { page } = await open({ reply, everyMs: 1 });
  await askOnPage(page, question);
  await page.locator(".sources summary").first().waitFor();
  return page;
}

test.skipIf(missing !== undefined)(
  `shows file, section and first words on a card, and the marked passage in it (T3)${because}`,
  async () => {
    const page = await asked("Run keys rotate [1].");
    const card = page.locator('.sources li[data-number="1"]');
    expect(await card.locator(".file").innerText()).toBe("signing.md");
    expect(await card.locator(".path").innerText()).toContain("Rotating the signing key");
    expect(await card.locator(".words").innerText()).toContain("To rotate the signing key, run keys rotate");
    await page.locator("button.cite").click();
    await card.locator("mark").first().waitFor();
    await card.getByText("never written to disk").waitFor(); // the section after the cited one
    expect((await card.locator("mark").allInnerTexts()).join(" ")).toContain("keys rotate --grace 24h");
    expect((await card.locator("mark").allInnerTexts()).join(" ")).not.toContain("never written to disk");
    expect(await card.locator(".passage h3").first().innerText()).toBe("Signing");
    expect(await card.locator(".passage code").first().innerText()).toBe("keys rotate --grace 24h");
  },
);

test.skipIf(missing !== undefined)(
  `numbers only the cards that the text cites, and opens the others too (T3)${because}`,
  async () => {
    const page = await asked("Run keys rotate [1].");
    expect(await page.locator(".groups h3").allInnerTexts()).toEqual([
      "Sources",
      "Read by the model, but not cited",
    ]);
    expect(await page.locator(".sources .number:not(:empty)").allInnerTexts()).toEqual(["1"]);
    const other = page.locator(".groups section").nth(1).locator("details").first();
    await other.locator("summary").click();
    await other.locator("mark").first().waitFor();
    expect(await other.locator(".range").innerText()).toMatch(/\.md, characters \d+ to \d+$/);
  },
);

test.skipIf(missing !== undefined)(
  `groups a passage that only shares the answer's words, without a number (T3)${because}`,
  async () => {
    const page = await asked("Backups are taken every night at 02:30 and kept for 35 days.");
    expect(await page.locator(".groups h3").first().innerText()).toContain("the answer's words are here");
    expect(await page.locator(".sources .number:not(:empty)").count()).toBe(0);
  },
);

test.skipIf(missing !== undefined)(
  `shows that the server works while its answer arrives, although health is late (T3)${because}`,
  async () => {
    const { page } = await open({ reply: "and so on ".repeat(60), everyMs: 20 });
    await page.route("**/health", (route) =>
      route.fulfill({ status: 503, contentType: "application/json", body: JSON.stringify(down) }),
    );
    await page.reload();
    await page.locator('#status[data-state="down"]').waitFor();
    await askOnPage(page, question);
    await answerLongerThan(page, 30);
    expect(await page.getAttribute("#status", "data-state")).toBe("ok");
    await page.locator('.answer[data-busy="false"]').waitFor();
    expect(await page.getAttribute("#status", "data-state")).toBe("ok");
  },
);

const down = {
  status: "down",
  components: { store: { status: "ok", latencyMs: 1 }, llm: { status: "down", latencyMs: 5000 } },
  answers: "answers by the model",
  index: { documents: 3, chunks: 4 },
};

test.skipIf(missing !== undefined)(
  `has no accessibility fault that axe finds: empty, answered, opened, on a phone and in dark mode (T3)${because}`,
  async () => {
    const { page } = await open({
      reply: "Run keys rotate [1].\n\n| a | b |\n| - | - |\n| 1 | 2 |",
      everyMs: 1,
    });
    await page.locator("#examples button").first().waitFor();
    expect(await axeFaults(page), "empty").toEqual([]);
    await askOnPage(page, question);
    await page.locator(".sources summary").first().click();
    await page.locator(".passage mark").first().waitFor();
    await expectAccessible(page, "answered");
  },
);
