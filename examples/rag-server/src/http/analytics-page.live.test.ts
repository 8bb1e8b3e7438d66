import { expect, test } from "vitest";
import { createKeyRing } from "../guard/keys/key-ring.ts";
import { expectAccessible } from "../testing/axe-faults.ts";
import { testKey } from "../testing/test-keys.ts";
import { useApiPages, type ApiPage } from "../testing/use-api-pages.ts";

const { missing, because, open } = useApiPages();

/** Opens the page of a server with a collection of two topics. */
async function openTopics(): Promise<ApiPage> {
  const opened = await open();
  await opened.post("collections", { name: "notes" });
  const texts = ["rotate the signing key", "bake the bread"];
  const operations = Array.from({ length: 12 }, (_, n) => ({
    op: "upsert",
    id: `n${n}`,
    text: texts[n % 2],
  }));
  await opened.post("vectors/batch", { collection: "notes", operations });
  await opened.page.goto(`${opened.url}/analytics`);
  return opened;
}

async function search({ post }: ApiPage): Promise<void> {
  for (const [text, mode] of [
    ["signing key", "dense"],
    ["signing key", "dense"],
    ["bread", "lexical"],
    ["zebra of ada@example.com", "lexical"],
  ])
    await post("vectors/search", { collection: "notes", text, mode });
}

test.skipIf(missing !== undefined)(
  `says that there are no searches yet, then shows the recorded ones in charts and tables (Q36, Q37, Q62)${because}`,
  async () => {
    const opened = await openTopics();
    const { page } = opened;
    await page.getByText("There are no searches yet in this period.").waitFor();
    expect(await page.locator("svg").count()).toBe(0);
    await search(opened);
    await page.getByRole("button", { name: "Refresh" }).press("Enter");
    await page.locator("#since").getByText("4 searches since").waitFor();
    const figures = await page.locator("#figures > div").allInnerTexts();
    expect(figures.map((text) => text.split(/\n+/))).toEqual([
      ["Searches", "4"],
      ["Without a hit", "25 %"],
      ["Failed", "0"],
      ["Users", "1"],
      ["Latency, median", expect.stringMatching(/^[\d.,]+ ms$/)],
      ["95th percentile", expect.stringMatching(/^[\d.,]+ ms$/)],
      ["99th percentile", expect.stringMatching(/^[\d.,]+ ms$/)],
    ]);
    expect(await page.locator("svg .axis").allTextContents()).toEqual([
      "Searches",
      "Local time",
      "Milliseconds",
      "Local time",
      "Searches",
      "Similarity, from",
      "Searches",
      "Hour, UTC",
    ]);
    const first = page.locator("#charts section").first();
    await first.locator("summary").press("Enter");
    const cells = await first.locator("td").allInnerTexts();
    expect(cells.reduce((total, cell) => total + Number(cell), 0)).toBe(4);
    expect(await page.locator("#queries").innerText()).toMatch(/signing key\s+2\s+1\s+0 %/);
    expect(await page.locator("#queries section").last().innerText()).toContain("zebra of [email]");
    expect(await page.locator("body").innerText()).not.toContain("ada@");
  },
);

test.skipIf(missing !== undefined)(
  `groups a collection into topics on request, with their words and sizes (Q28, Q62)${because}`,
  async () => {
    const { page } = await openTopics();
    await page.locator("#collection").selectOption("notes");
    await page.getByRole("button", { name: "Find topics" }).click();
    await page.locator("#topics > li").first().waitFor();
    expect(await page.locator("#topics-state").innerText()).toMatch(/^2 topics in 12 points\./);
    expect(await page.locator("#topics").innerText()).toContain("6 points, 50 %");
    expect(await page.locator("#stored").innerText()).toMatch(/Same text twice\s+12/);
  },
);

test.skipIf(missing !== undefined)(`says which permission a key lacks (Q53, Q62)${because}`, async () => {
  const reader = testKey("reader", { roles: ["reader"] });
  const { page, url } = await open({ keys: createKeyRing(() => [reader.stored]) });
  await page.goto(`${url}/analytics`);
  await page.locator("#key-form").waitFor();
  await page.fill("#key", reader.headers.authorization.replace("Bearer ", ""));
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("the key lacks the permission ViewAnalytics").waitFor();
  await expectAccessible(page, "refused");
});

test.skipIf(missing !== undefined)(`has no accessibility fault that axe finds (Q62)${because}`, async () => {
  const opened = await openTopics();
  const { page } = opened;
  await page.getByText("There are no searches yet in this period.").waitFor();
  await search(opened);
  await page.reload();
  await page.locator("svg").first().waitFor();
  await page.locator("#charts summary").first().click();
  await page.getByRole("button", { name: "Find topics" }).click();
  await page.locator("#topics > li").first().waitFor();
  await expectAccessible(page, "full");
});
