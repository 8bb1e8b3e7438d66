import { execFile } from "node:child_process";
import { mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DocumentParser } from "@binnacle/core";
import { nodeFileSystem, type FolderFileSystem } from "./file-system.ts";
import {
  createTemporaryFolder,
  upserts,
  versions,
  type TemporaryFolder,
} from "./fixtures/temporary-folder.ts";
import { FolderSource } from "./folder-source.ts";

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await createTemporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

describe("order and filters", () => {
  test("lists files in an order that depends only on their paths", async () => {
    for (const path of ["b.txt", "a/z.txt", "a/b/c.txt", "ä b/日本.md", "a.txt", "C.txt"])
      await folder.put(path);
    expect((await folder.listing()).ids).toEqual([
      "C.txt",
      "a.txt",
      "b.txt",
      "a/z.txt",
      "a/b/c.txt",
      "ä b/日本.md",
    ]);
  });

  test("lists an empty folder completely", async () => {
    expect(await folder.listing()).toMatchObject({ ids: [], state: "complete" });
  });

  test("skips entries that are not documents, and counts and reports them with the reason", async () => {
    const binary = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0);
    await folder.put("photo.png", binary);
    await folder.put("program", binary);
    await folder.put(".env", "SECRET=1");
    await folder.put(".git/config");
    await folder.put("pkg/node_modules/x/readme.md");
    await folder.put("drafts/a.md");
    await folder.put("a.txt");
    await symlink(join(folder.root, "a.txt"), join(folder.root, "link.txt"));
    const { ids, events } = await folder.listing({ exclude: ["drafts"] });
    expect(ids).toEqual(["a.txt"]);
    const reasons = events.flatMap((event) => (event.type === "skipped" ? [[event.path, event.reason]] : []));
    expect(Object.fromEntries(reasons)).toEqual({
    ".env": "hidden", ".git": "always", "drafts": "excluded", "link.txt": "symlink",
    "photo.png": "unsupported-type", "program": "binary", "pkg/node_modules": "always",
  }); // prettier-ignore
    expect(events.at(-1)).toMatchObject({
      type: "listed",
      documents: 1,
      isComplete: true,
      skipped: { always: 2 },
    });
  });

  test("matches include and exclude as globs relative to the folder", async () => {
    for (const path of ["a.md", "a.txt", "docs/b.md", "docs/old/c.md", ".notes/d.md", ".git/e.md"])
      await folder.put(path);
    expect((await folder.listing({ include: ["**/*.md"], exclude: ["docs/old/**"] })).ids).toEqual([
      "a.md",
      "docs/b.md",
    ]);
    expect((await folder.listing({ include: ["*.md"] })).ids).toEqual(["a.md"]);
    expect(
      (await folder.listing({ includeHidden: true, include: ["**/*.md"], exclude: ["docs"] })).ids,
    ).toEqual(["a.md", ".notes/d.md"]);
  });
});

describe("failures", () => {
  test("breaks the listing off at an unreadable folder, and shows the rest", async () => {
    for (const path of ["a.md", "locked/b.md", "open/c.md", "open/deeper/d.md"]) await folder.put(path);
    for (const fault of [
      folder.failing("names", "locked", "EACCES"),
      folder.failing("lstat", "locked", "EIO"),
    ]) {
      const { changes, ids, events } = await folder.listing({}, fault);
      expect(ids).toEqual(["a.md", "open/c.md", "open/deeper/d.md"]);
      expect(changes.at(-1)).toMatchObject({
        type: "listing",
        state: "aborted",
        error: { code: "unreadable_folder", message: expect.stringMatching(/^locked /) },
      });
      expect(events.at(-1)).toMatchObject({ type: "listed", isComplete: false });
    }
  });

  test("breaks the listing off at an unreadable .gitignore, because its rules are unknown", async () => {
    await folder.put(".gitignore", "secret.md");
    await folder.put("secret.md");
    const { ids, state } = await folder.listing({}, folder.failing("read", ".gitignore", "EACCES"));
    expect({ ids, state }).toEqual({ ids: [], state: "aborted" });
  });

  test("ignores a .gitignore that vanishes", async () => {
    await folder.put(".gitignore", "a.md");
    await folder.put("a.md");
    const vanishing = folder.failing("read", ".gitignore", "ENOENT");
    expect(await folder.listing({}, vanishing)).toMatchObject({ ids: ["a.md"], state: "complete" });
  });

  test("treats a vanished folder or file as deleted, but breaks the listing off if the root vanishes", async () => {
    for (const path of ["a.md", "gone/b.md"]) await folder.put(path);
    expect(await folder.listing({}, folder.failing("names", "gone", "ENOENT"))).toMatchObject({
      ids: ["a.md"],
      state: "complete",
    });
    expect(await folder.listing({}, folder.failing("lstat", "a.md", "ENOENT"))).toMatchObject({
      ids: ["gone/b.md"],
      state: "complete",
    });
    const unmounting: FolderFileSystem = {
      ...nodeFileSystem,
      names: async (path) => {
        const names = await nodeFileSystem.names(path);
        if (path === folder.root) await rename(folder.root, `${folder.root}-moved`);
        return names;
      },
    };
    expect(await folder.listing({}, unmounting)).toMatchObject({ ids: [], state: "aborted" });
    await rename(`${folder.root}-moved`, folder.root);
  });

  test.runIf(process.platform === "linux")(
    "reports a name that is not UTF-8 as unreadable and lists the rest",
    async () => {
      await folder.put("a.md");
      await writeFile(
        Buffer.concat([Buffer.from(`${folder.root}/b`), Buffer.from([0xe9]), Buffer.from(".md")]),
        "",
      );
      const { changes, state } = await folder.listing();
      expect(changes.map(({ type }) => type)).toEqual([
        "scopes",
        "listing",
        "upsert",
        "unreadable",
        "listing",
      ]);
      expect(changes[3]).toMatchObject({
        documentId: "b\uFFFD.md",
        error: { code: "unreadable_file", message: expect.stringContaining("not valid UTF-8") },
      });
      expect(state).toBe("complete");
    },
  );
});

describe("links and special files", () => {
  test("follows links only if asked, ends loops, and prefers real paths to linked paths", async () => {
    await folder.put("real/a.md");
    await symlink(join(folder.root, "real"), join(folder.root, "alias"));
    await symlink(join(folder.root, ".."), join(folder.root, "real/up"));
    await symlink(folder.root, join(folder.root, "real/loop"));
    await symlink(join(folder.root, "real/a.md"), join(folder.root, "b.md"));
    await symlink(join(folder.root, "nowhere"), join(folder.root, "dangling.md"));
    await symlink("self.md", join(folder.root, "self.md"));
    expect((await folder.listing()).ids).toEqual(["real/a.md"]);
    await rm(join(folder.root, "real/up"));
    const { ids, events } = await folder.listing({ followSymlinks: true });
    expect(ids).toEqual(["b.md", "real/a.md"]);
    const reasons = events.flatMap((event) => (event.type === "skipped" ? [[event.path, event.reason]] : []));
    expect(Object.fromEntries(reasons)).toEqual({
      "dangling.md": "dangling-symlink",
      "self.md": "dangling-symlink",
      alias: "listed-already",
      "real/loop": "listed-already",
    });
  });

  test("follows links out of the folder once each", async () => {
    const outside = await mkdtemp(join(tmpdir(), "binnacle-outside-"));
    await writeFile(join(outside, "o.md"), "out");
    await symlink(outside, join(outside, "again"));
    await symlink(outside, join(folder.root, "b"));
    await symlink(outside, join(folder.root, "a"));
    expect((await folder.listing({ followSymlinks: true })).ids).toEqual(["a/o.md"]);
    await rm(outside, { recursive: true });
  });

  test("skips a pipe without opening it", async () => {
    await promisify(execFile)("mkfifo", [join(folder.root, "pipe.md")]);
    const { ids, events } = await folder.listing();
    expect(ids).toEqual([]);
    expect(events[0]).toEqual({ type: "skipped", path: "pipe.md", reason: "special" });
  });
});

describe("parsers", () => {
  const upperCase: DocumentParser = {
    id: "upper@1",
    mediaTypes: ["application/pdf", "text/x-notes"],
    parse: (bytes, { mediaType }) => {
      const text = Buffer.from(bytes).toString().toUpperCase();
      if (text.includes("BROKEN")) throw new TypeError("no such font");
      return Promise.resolve({ text, mediaType: "text/plain", metadata: { mediaType } });
    },
  };
  const options = { parsers: [upperCase], mediaTypes: { ".notes": "text/x-notes" } };

  test("reads a format of a parser, and skips it without one", async () => {
    await folder.put("a.pdf", "pdf");
    await folder.put("b.notes", "notes");
    await folder.put("mail.eml", "From: a");
    expect((await folder.listing()).ids).toEqual(["b.notes"]);
    const { changes, ids } = await folder.listing(options);
    expect(ids).toEqual(["a.pdf", "b.notes"]);
    const loaded = await Promise.all(upserts(changes).map((change) => change.load()));
    expect(loaded).toEqual([
      { id: "a.pdf", text: "PDF", mediaType: "text/plain", metadata: { mediaType: "application/pdf" } },
      { id: "b.notes", text: "NOTES", mediaType: "text/plain", metadata: { mediaType: "text/x-notes" } },
    ]);
  });

  test("uses the first parser of a media type, and reads files again with another parser", async () => {
    await folder.put("a.pdf", "pdf");
    const other = { ...upperCase, id: "other@1", parse: () => Promise.reject(new Error("not asked")) };
    const first = await folder.listing({ parsers: [upperCase, other] });
    expect((await upserts(first.changes)[0]?.load())?.text).toBe("PDF");
    const second = await folder.listing({ parsers: [other] });
    expect(versions(second.changes)).not.toEqual(versions(first.changes));
  });

  test("names the file and the parser if a parser fails with an unknown error", async () => {
    await folder.put("a.pdf", "broken");
    const [change] = upserts((await folder.listing(options)).changes);
    await expect(change?.load()).rejects.toMatchObject({
      code: "parser_failed",
      retryable: false,
      message: expect.stringMatching(/^a\.pdf: the parser "upper@1" failed \(no such font\)/),
    });
  });

  test("refuses a parser without an id or media types", () => {
    for (const parser of [
      { ...upperCase, id: "" },
      { ...upperCase, mediaTypes: [] },
    ])
      expect(() => new FolderSource({ path: ".", parsers: [parser] })).toThrow(/parsers\.0: a parser needs/);
  });
});
