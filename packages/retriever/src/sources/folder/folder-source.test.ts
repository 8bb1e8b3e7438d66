import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError, type SourceChange, type UpsertChange } from "@binnacle/core";
import { documentSourceContract, type DocumentSourceSubject } from "@binnacle/core/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  createTemporaryFolder,
  settled,
  upserts,
  type TemporaryFolder,
} from "./fixtures/temporary-folder.ts";
import { FolderSource } from "./folder-source.ts";

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await createTemporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

const create = async (): Promise<DocumentSourceSubject> => {
  await folder.put("a.txt", "plain");
  await folder.put("guide/b.md", "---\ntitle: B\n---\n# Heading\n");
  await folder.put("guide/c.html", "<h1>C</h1><p>text</p><table><tr><td>1</table>");
  const source = new FolderSource({ path: folder.root, debounceMs: 10 });
  return {
    source,
    documentIds: ["a.txt", "guide/b.md", "guide/c.html"],
    lists: true,
    content: {
      put: (id) => folder.put(id, "changed"),
      remove: (id) => rm(join(folder.root, id)),
    },
    dispose: async () => undefined,
  };
};
for (const { name, run } of documentSourceContract(create, { changes: true }))
  test(`keeps the contract: ${name}`, run);

test("rejects a path that does not exist or is a file, before the first change", async () => {
  await folder.put("file.md");
  for (const path of [
    join(folder.root, "missing"),
    join(folder.root, "file.md"),
    join(folder.root, "file.md/below"),
  ]) {
    const first = new FolderSource({ path }).changes({ follow: false }).next();
    await expect(first).rejects.toThrow(ConfigurationError);
    await expect(first).rejects.toThrow(path);
  }
});

test("gives every kind of text its media type, and source code its language (T33)", async () => {
  const kinds = {
    "a.md": "text/markdown", "b.HTML": "text/plain", "c.py": "text/x-python", "d.ts": "text/x-typescript",
    "e.json": "application/json", "f.yml": "application/yaml", "Dockerfile": "text/x-dockerfile",
    "README": "text/plain", "g.unknown": "text/plain", "h.tmpl": "text/x-template",
  }; // prettier-ignore
  for (const path of Object.keys(kinds)) await folder.put(path, "a");
  const { changes } = await folder.listing({ mediaTypes: { ".TMPL": "text/x-template" } });
  const found = await Promise.all(
    upserts(changes).map(async ({ documentId, load: read }) => [documentId, (await read())?.mediaType]),
  );
  expect(Object.fromEntries(found)).toEqual(kinds);
});

test("makes default ids that are stable and differ for folders of the same name", () => {
  const ids = ["a/docs", "b/docs"].map((path) => new FolderSource({ path: join(folder.root, path) }).id);
  expect(ids[0]).toMatch(/^docs-[0-9a-f]{8}$/);
  expect(ids[1]).not.toBe(ids[0]);
  expect(new FolderSource({ path: join(folder.root, "a/./docs/") }).id).toBe(ids[0]);
  expect(new FolderSource({ path: folder.root, id: "handbook" }).id).toBe("handbook");
});

test("rejects wrong options and names each", () => {
  const wrong: object = { path: "", include: [], maxFileBytes: 0, mediaTypes: { ".x": "text" }, glob: "*" };
  expect(() => Reflect.construct(FolderSource, [wrong])).toThrow(
    /path: .*include: no pattern.*maxFileBytes: .*mediaTypes.*type\/subtype.*glob/,
  );
});

for (const [how, options] of [
  ["by the system's reports", {}],
  ["by the clock", { pollIntervalMs: 20 }],
] as const)
  // prettier-ignore
  test(`shows changes ${how} while it follows, and otherwise yields nothing`, async () => {
    await folder.put("a.md", "one");
    const controller = new AbortController();
    const source = new FolderSource({ path: folder.root, debounceMs: 10, clock: settled, ...options });
    const changes = source.changes({ follow: true, signal: controller.signal });
    expect((await untilListed(changes)).map(({ documentId }) => documentId)).toEqual(["a.md"]);
    const next = untilListed(changes);
    await folder.put("b.md", "two");
    expect((await next).map(({ documentId }) => documentId)).toEqual(["a.md", "b.md"]);
    // The file may be shown again, because the first listing may have seen it without its content.
    const waiting = (async () => {
      while ((await changes.next()).done !== true);
    })();
    controller.abort("enough");
    await expect(waiting).rejects.toBe("enough");
  });

async function untilListed(changes: AsyncIterator<SourceChange>): Promise<readonly UpsertChange[]> {
  const shown: SourceChange[] = [];
  while (true) {
    const { value, done } = await changes.next();
    if (done === true) throw new Error("following ended");
    shown.push(value);
    if (value.type === "listing" && value.state !== "started") return upserts(shown);
  }
}
