import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createKeyRing } from "../guard/keys/key-ring.ts";
import { expectAccessible } from "../testing/axe-faults.ts";
import { testKey } from "../testing/test-keys.ts";
import { useApiPages, type ApiPage } from "../testing/use-api-pages.ts";

const { missing, because, open } = useApiPages();

const topics = ["ops", "keys"];

/** Opens the page of a server with a collection of 25 notes. */
async function openNotes(path = "/collections"): Promise<ApiPage> {
  const opened = await open();
  await opened.post("collections", { name: "notes", fields: { topic: "keyword" } });
  const operations = Array.from({ length: 25 }, (_, n) => ({
    op: "upsert",
    id: `note-${n}`,
    text: n === 7 ? "The vault is in Oslo." : `Backups of day ${n}.`,
    metadata: { topic: topics[n % 2], deep: { list: [n] } },
  }));
  await opened.post("vectors/batch", { collection: "notes", operations });
  await opened.page.goto(opened.url + path);
  return opened;
}

const errorAt = (page: Page, field: string): Promise<string> => page.locator(`#${field}-error`).innerText();

test.skipIf(missing !== undefined)(
  `creates a collection by keyboard, and shows each error at its field (Q62)${because}`,
  async () => {
    const { page } = await openNotes("/");
    await page.getByRole("link", { name: "Collections" }).click();
    await page.locator("tbody tr").nth(1).waitFor();
    expect(await page.locator("tbody tr").allInnerTexts()).toEqual([
      "documents\tReady\t4\t–\tWords",
      "notes\tReady\t25\t8\tWords and meaning",
    ]);
    await page.locator("#open-create").press("Enter");
    await page.keyboard.type("../up");
    await page.fill("#create-dimensions", "4.5");
    await page.keyboard.press("Enter");
    await page.locator("#create-dimensions-error").waitFor();
    await page.fill("#create-dimensions", "70000");
    await page.keyboard.press("Enter");
    await page.locator("#create-name-error").waitFor();
    expect(await errorAt(page, "create-name")).toContain("letters, digits");
    expect(await errorAt(page, "create-dimensions")).toContain("65536");
    expect(await page.evaluate("document.activeElement.id")).toBe("create-name");
    await page.fill("#create-name", "notes");
    await page.fill("#create-dimensions", "4");
    await page.keyboard.press("Enter");
    await page.locator("#create-name-error").getByText('"notes" exists with another definition').waitFor();
    await page.fill("#create-name", "tiny");
    await page.locator("#add-field").press("Enter");
    await page.keyboard.type("year");
    await page.locator(".field-type").selectOption("integer");
    await page.locator("#create-name").press("Enter");
    await page.locator("#detail-title").getByText("tiny").waitFor();
    expect(await page.locator("#facts").innerText()).toContain("year (integer)");
    expect(await page.locator("#points-state").innerText()).toBe("The collection has no points yet.");
    expect(await page.evaluate("document.activeElement.id")).toBe("detail-title");
  },
);

test.skipIf(missing !== undefined)(
  `shows points by pages, and what a search with a filter finds, with scores (Q62)${because}`,
  async () => {
    const { page } = await openNotes("/collections#notes");
    await page.getByText("Points 1 to 20 of 25").waitFor();
    expect(await page.locator("#points li").count()).toBe(20);
    await page.locator("#points summary").first().press("Enter");
    expect(await page.locator("#points details[open]").innerText()).toMatch(
      /topic\s*\S+\s*deep\s*\{"list":\[\d+\]\}/,
    );
    await page.getByRole("button", { name: "Next page" }).click();
    await page.getByText("Points 21 to 25 of 25").waitFor();
    expect(await page.getByRole("button", { name: "Next page" }).isVisible()).toBe(false);

    await page.fill("#search-text", "vault Oslo");
    await page.locator("#search-mode").selectOption("lexical");
    await page.keyboard.press("Tab");
    await page.fill("#search-filter", "{topic: keys}");
    await page.keyboard.press("Enter");
    expect(await errorAt(page, "search-filter")).toContain("double quotes");
    await page.fill("#search-filter", '{"topic":"keys"}');
    await page.keyboard.press("Enter");
    await page.getByText(/^1 hit by words, in/).waitFor();
    expect(await page.locator("#points .name").allInnerTexts()).toEqual(["note-7"]);
    expect(await page.locator("#points .score").innerText()).toMatch(/^score [\d.]+$/);
    await page.fill("#search-filter", '{"colour":"red"}');
    await page.keyboard.press("Enter");
    await page.locator("#search .error").getByText("colour").waitFor();
    await page.fill("#search-text", "");
    await page.fill("#search-filter", '{"topic":"keys"}');
    await page.keyboard.press("Enter");
    await page.getByText("Points 1 to 12", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Show all points" }).click();
    await page.getByText("Points 1 to 20 of 25").waitFor();
  },
);

test.skipIf(missing !== undefined)(
  `takes a snapshot, saves it, restores it under another name, and deletes only after the name is typed (Q34, Q62)${because}`,
  async () => {
    const { page } = await openNotes("/collections#notes");
    await page.getByText("There is no snapshot of this collection.").waitFor();
    await page.getByRole("button", { name: "Take a snapshot" }).click();
    await page.locator("#snapshots li").waitFor();
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: /^Download the snapshot/ }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toMatch(/^notes.*\.snapshot$/);

    await page.getByRole("button", { name: /^Restore the snapshot/ }).click();
    await page.fill("#restore-name", "notes");
    await page.keyboard.press("Enter");
    await page.locator("#restore-name-error").waitFor();
    expect(await errorAt(page, "restore-name")).toBe('There is a collection "notes" already.');
    await page.fill("#restore-name", "copy");
    await page.keyboard.press("Enter");
    await page.locator("#detail-title").getByText("copy").waitFor();
    await page.getByText("Points 1 to 20 of 25").waitFor();

    await page.getByRole("button", { name: "Delete…", exact: true }).last().click();
    await page.fill("#remove-name", "notes");
    await page.keyboard.press("Enter");
    expect(await errorAt(page, "remove-name")).toBe("Type copy to delete it.");
    await page.fill("#remove-name", "copy");
    await page.keyboard.press("Enter");
    await page.locator("#list-title").waitFor();
    expect(await page.locator("tbody th").allInnerTexts()).toEqual(["documents", "notes"]);

    await page.getByRole("button", { name: "Restore from a file…" }).click();
    await page.setInputFiles("#restore-file", await saved.path());
    await page.fill("#restore-name", "again");
    await page.keyboard.press("Enter");
    await page.locator("#detail-title").getByText("again").waitFor();
    await page.getByText("Points 1 to 20 of 25").waitFor();
  },
);

test.skipIf(missing !== undefined)(
  `asks once for a key, keeps it out of addresses, and says which permission is missing (Q53, Q62)${because}`,
  async () => {
    const [reader, admin] = [
      testKey("reader", { roles: ["reader"] }),
      testKey("admin", { roles: ["admin"] }),
    ];
    const { page, url, post } = await open({ keys: createKeyRing(() => [reader.stored, admin.stored]) });
    await post("collections", { name: "notes" }, admin.headers);
    const addresses: string[] = [];
    page.on("request", (request) => void addresses.push(request.url()));
    await page.goto(`${url}/collections`);
    await page.getByRole("alert").getByText("needs a key").waitFor();
    const secret = reader.headers.authorization.replace("Bearer ", "");
    await page.fill("#key", secret);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "notes" }).click();
    await page
      .locator("#snapshots-state")
      .getByText("the key lacks the permission CreateSnapshots")
      .waitFor();
    expect(await page.locator("#points-state").innerText()).toBe("The collection has no points yet.");
    await page.locator("#open-delete").click();
    await page.fill("#remove-name", "notes");
    await page.keyboard.press("Enter");
    await page.locator("#remove .form-error").getByText("ManageCollections").waitFor();
    await page.goto(`${url}/`);
    await page.locator("#status").getByText("3 documents").waitFor();
    expect(addresses.join("\n")).not.toContain(secret.slice(-20));
    expect(page.url()).not.toContain(secret);
    expect(await page.evaluate("localStorage.length")).toBe(0);
  },
);

test.skipIf(missing !== undefined)(
  `has no accessibility fault that axe finds: list, form, points, snapshots and questions (Q62)${because}`,
  async () => {
    const { page, post } = await openNotes();
    await page.locator("tbody tr").first().waitFor();
    await expectAccessible(page, "list");
    await page.locator("#open-create").click();
    await page.locator("#add-field").click();
    await page.locator("#create-name").press("Enter");
    await page.locator("#create-name-error").waitFor();
    await expectAccessible(page, "form");
    await page.keyboard.press("Escape");
    await post("collections/notes/snapshot");
    await page.getByRole("link", { name: "notes" }).click();
    await page.locator("#snapshots li").waitFor();
    await page.locator("#points summary").first().click();
    await expectAccessible(page, "detail");
    await page.locator("#open-delete").click();
    await expectAccessible(page, "question");
  },
);
