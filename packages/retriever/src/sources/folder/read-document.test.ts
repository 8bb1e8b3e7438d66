import { mkdir, rm, truncate, utimes } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeFileSystem, type FolderFileSystem } from "./file-system.ts";
import {
  createTemporaryFolder,
  list,
  settled,
  upserts,
  versions,
  type TemporaryFolder,
} from "./fixtures/temporary-folder.ts";
import type { FolderEvent } from "./folder-event.ts";
import { FolderSource } from "./folder-source.ts";

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await createTemporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

describe("versions", () => {
  test("reads only changed files (T48)", async () => {
    for (let i = 0; i < 20; i++) await folder.put(`page-${i}.md`, `# Page ${i}`);
    const reads: string[] = [];
    const counting: FolderFileSystem = {
      ...nodeFileSystem,
      read: (path, maxBytes) => (reads.push(path), nodeFileSystem.read(path, maxBytes)),
    };
    const source = new FolderSource({ path: folder.root, clock: settled }, counting);
    const before = versions(await list(source));
    await folder.put("page-7.md", "# Page seven");
    const changes = await list(source);
    const changed = upserts(changes).filter(({ documentId, version }) => before.get(documentId) !== version);
    expect(changed.map(({ documentId }) => documentId)).toEqual(["page-7.md"]);
    expect(reads).toEqual([]);
    expect((await changed[0]?.load())?.text).toBe("# Page seven");
    expect(reads).toEqual([join(folder.root, "page-7.md")]);
  });

  test("sniffs a file again after a listing did not show it", async () => {
    await folder.put("folder/unknown");
    await folder.put("kept");
    let isAway = false;
    const reads: string[] = [];
    const fileSystem: FolderFileSystem = {
      ...nodeFileSystem,
      names: async (path) => (isAway && path.endsWith("folder") ? [] : await nodeFileSystem.names(path)),
      read: (path, maxBytes) => (reads.push(path), nodeFileSystem.read(path, maxBytes)),
    };
    const source = new FolderSource({ path: folder.root, clock: settled }, fileSystem);
    for (const away of [false, false, true, false]) {
      isAway = away;
      await list(source);
    }
    const [kept, unknown] = [join(folder.root, "kept"), join(folder.root, "folder/unknown")];
    expect(reads).toEqual([kept, unknown, unknown]);
  });

  test("changes the version of a file whose times were set back", async () => {
    const past = new Date("2020-01-01");
    await folder.put("a.md", "old!");
    await utimes(join(folder.root, "a.md"), past, past);
    const before = versions((await folder.listing()).changes);
    await folder.put("a.md", "new!");
    await utimes(join(folder.root, "a.md"), past, past);
    expect(versions((await folder.listing()).changes)).not.toEqual(before);
  });

  test("makes the version from the content while a file is too young for its times to be trusted", async () => {
    await folder.put("a.md", "one!");
    const young = { clock: Date.now };
    const first = versions((await folder.listing(young)).changes);
    await folder.put("a.md", "two!");
    const second = versions((await folder.listing(young)).changes);
    await folder.put("a.md", "one!");
    const third = versions((await folder.listing(young)).changes);
    expect(second).not.toEqual(first);
    expect(third).toEqual(first);
  });

  test("rejects if the content no longer matches a version that was made from content", async () => {
    await folder.put("a.md", "listed");
    const [change] = upserts((await folder.listing({ clock: Date.now })).changes);
    await folder.put("a.md", "edited");
    await expect(change?.load()).rejects.toMatchObject({ code: "changed_while_reading", retryable: true });
  });

  test("changes the version with the media type, because the document changes", async () => {
    await folder.put("a.txt");
    const before = versions((await folder.listing()).changes);
    expect(versions((await folder.listing({ mediaTypes: { ".txt": "text/markdown" } })).changes)).not.toEqual(
      before,
    );
  });
});

describe("content", () => {
  test("keeps the place of every character, so that offsets refer to the file; front matter becomes blanks", async () => {
    const content = "\uFEFF---\r\ntitle: T\r\n---\r\n\r\n# Tea 😀\r\n";
    await folder.put("a.md", content);
    expect(await folder.load()).toEqual({
    id: "a.md", text: content.replace(/---\r\ntitle: T\r\n---/u, (front) => front.replace(/[^\r\n]/gu, " ")), mediaType: "text/markdown", title: "T", metadata: { title: "T" },
  }); // prettier-ignore
  });

  test("reports invalid front matter and still reads the document", async () => {
    await folder.put("a.md", "---\na: [\n---\n# Title\n");
    const events: FolderEvent[] = [];
    expect(await folder.load({ onEvent: (event) => events.push(event) })).toMatchObject({
      title: "Title",
      metadata: {},
    });
    expect(events.at(-1)).toMatchObject({
      type: "ignored",
      path: "a.md",
      error: { code: "invalid_front_matter" },
    });
  });
});

describe("failures", () => {
  test("loads undefined for a file that vanished or became a folder after the listing", async () => {
    await folder.put("a.md");
    await folder.put("b.md");
    const [a, b] = upserts((await folder.listing()).changes);
    await rm(join(folder.root, "a.md"));
    await rm(join(folder.root, "b.md"));
    await mkdir(join(folder.root, "b.md"));
    expect(await a?.load()).toBeUndefined();
    expect(await b?.load()).toBeUndefined();
  });

  test("reports a 50 MB file as unreadable without reading it", async () => {
    await folder.put("huge.md", "");
    await truncate(join(folder.root, "huge.md"), 50 * 1024 * 1024);
    await folder.put("small.md");
    const { changes, ids, state } = await folder.listing(
      {},
      { ...nodeFileSystem, read: () => Promise.reject(new Error("read")) },
    );
    expect(changes[2]).toMatchObject({
      type: "unreadable",
      documentId: "huge.md",
      error: { code: "file_too_large" },
    });
    expect({ ids, state }).toEqual({ ids: ["small.md"], state: "complete" });
  });

  test("rejects a file that grew over the limit after the listing", async () => {
    await folder.put("a.md", "1234");
    const [change] = upserts((await folder.listing({ maxFileBytes: 4 })).changes);
    expect((await change?.load())?.text).toBe("1234");
    await folder.put("a.md", "12345");
    await expect(change?.load()).rejects.toMatchObject({ code: "file_too_large" });
  });

  test("rejects binary data and broken UTF-8 in a file with a text name", async () => {
    await folder.put("a.md", Uint8Array.of(0x23, 0, 0x01));
    await expect(folder.load()).rejects.toMatchObject({
      code: "binary_file",
      message: expect.stringMatching(/^a\.md: /),
    });
    await folder.put("a.md", Uint8Array.of(0x23, 0xff, 0x41));
    await expect(folder.load()).rejects.toMatchObject({ code: "invalid_encoding" });
  });

  test("reports a file that cannot be read during the listing, and completes the listing", async () => {
    await folder.put("a.md");
    await folder.put("b.md");
    const denied = folder.failing("read", "a.md", "EACCES");
    const { changes, ids, state } = await folder.listing({ clock: Date.now }, denied);
    expect(changes[2]).toMatchObject({
      type: "unreadable",
      documentId: "a.md",
      error: { code: "unreadable_file" },
    });
    expect({ ids, state }).toEqual({ ids: ["b.md"], state: "complete" });
  });

  test("rejects with unreadable_file if a file cannot be read when it is loaded", async () => {
    await folder.put("a.md");
    const [change] = upserts((await folder.listing({}, folder.failing("read", "a.md", "EACCES"))).changes);
    await expect(change?.load()).rejects.toMatchObject({ code: "unreadable_file" });
  });

  test("rejects with parser_failed if a built-in parser fails in an unknown way", async () => {
    class Failing extends Uint8Array {
      override includes(): never {
        throw new RangeError("Maximum call stack size exceeded");
      }
    }
    await folder.put("a.md");
    const failing = { ...nodeFileSystem, read: () => Promise.resolve(Failing.of(0x61)) };
    const [change] = upserts((await folder.listing({}, failing)).changes);
    await expect(change?.load()).rejects.toMatchObject({
      code: "parser_failed",
      message: expect.stringMatching(/^a\.md: the built-in parser of text\/markdown failed \(Maximum/),
    });
  });
});
