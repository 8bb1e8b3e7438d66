import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { nodeFileSystem } from "./file-system.ts";
import { follow, recordingWatches } from "./fixtures/following.ts";
import { createTemporaryFolder, type TemporaryFolder } from "./fixtures/temporary-folder.ts";

// A change that is never seen fails after ten seconds, earlier than in other tests.
const patience = { timeout: 10_000 };
// File operations take real time even while the clock is fake.
const realSetTimeout = setTimeout;

let folder: TemporaryFolder;
let root: string;
beforeEach(async () => {
  folder = await createTemporaryFolder();
  root = join(folder.root, "root");
  await mkdir(root);
});
afterEach(() => folder[Symbol.asyncDispose]());

const put = (path: string, content: string): Promise<void> => folder.put(join("root", path), content);

/** Saves as most editors and `sed -i` do: a new file replaces the old one. */
async function replace(path: string, content: string): Promise<void> {
  await folder.put("saved", content);
  await rename(join(folder.root, "saved"), path);
}

/** Creates a signal that fires when the test ends. */
function signalOfTest(): AbortSignal {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  return controller.signal;
}

/** Advances the fake clock while real files change, until the promise settles. */
async function inTime<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = (): void => void (isSettled = true);
  promise.then(settle, settle);
  while (!isSettled) await pass(1_000);
  return await promise;
}

async function pass(forMs: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(forMs);
  await new Promise((resolve) => realSetTimeout(resolve, 4));
}

function stopTheClock(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
}

test("sees every save of a file, even if each save replaces the file", patience, async () => {
  await put("a.md", "0");
  await put("deep/er/b.md", "0");
  const following = follow({ path: root }, signalOfTest());
  await following.shows({ "a.md": "0", "deep/er/b.md": "0" });
  for (const text of ["1", "2", "3"]) {
    await replace(join(root, "a.md"), text);
    await following.shows({ "a.md": text, "deep/er/b.md": String(Number(text) - 1) });
    await replace(join(root, "deep/er/b.md"), text);
    await following.shows({ "a.md": text, "deep/er/b.md": text });
  }
  await following.stop();
});

test("watches new, moved and replaced folders with their content", patience, async () => {
  const following = follow({ path: root }, signalOfTest());
  await following.shows({});
  await put("new/deep/a.md", "1");
  await following.shows({ "new/deep/a.md": "1" });
  await replace(join(root, "new/deep/a.md"), "2");
  await following.shows({ "new/deep/a.md": "2" });
  await rename(join(root, "new"), join(root, "moved"));
  await following.shows({ "moved/deep/a.md": "2" });
  await replace(join(root, "moved/deep/a.md"), "3");
  await following.shows({ "moved/deep/a.md": "3" });
  // On some file systems the new folders reuse the inodes of the deleted folders.
  await rm(join(root, "moved"), { recursive: true });
  await put("moved/deep/a.md", "4");
  await following.shows({ "moved/deep/a.md": "4" });
  await replace(join(root, "moved/deep/a.md"), "5");
  await following.shows({ "moved/deep/a.md": "5" });
  await following.stop();
});

for (const [what, replaceRoot] of [
  [
    "deleted and made again",
    async () => {
      await rm(root, { recursive: true });
      await put("a.md", "1");
    },
  ],
  [
    "renamed and replaced by a new folder",
    async () => {
      await rename(root, `${root}-old`);
      await put("a.md", "1");
    },
  ],
  [
    "in a folder that is replaced",
    async () => {
      await folder.put("other/root/a.md", "1");
      await rename(join(folder.root, "link"), join(folder.root, "old"));
      await symlink(join(folder.root, "other"), join(folder.root, "link"));
      root = join(folder.root, "other/root");
    },
  ],
] as const)
  test(`keeps following a root that is ${what}`, patience, async () => {
    stopTheClock();
    await put("a.md", "0");
    await symlink(folder.root, join(folder.root, "link"));
    const following = follow({ path: join(folder.root, "link/root") }, signalOfTest());
    await inTime(following.shows({ "a.md": "0" }));
    await replaceRoot();
    await inTime(following.shows({ "a.md": "1" }));
    for (const text of ["2", "3"]) {
      await replace(join(root, "a.md"), text);
      await inTime(following.shows({ "a.md": text }));
    }
    await following.stop();
  });

test("breaks the listing off while the root is missing, and resumes when it returns", patience, async () => {
  stopTheClock();
  await put("a.md", "0");
  const following = follow({ path: root }, signalOfTest());
  await inTime(following.shows({ "a.md": "0" }));
  await rename(root, `${root}-away`);
  await inTime(following.breaksOff());
  const back = following.shows({ "a.md": "0" });
  for (let second = 0; second < 30; second++) await pass(1_000);
  await rename(`${root}-away`, root);
  expect(await inTime(back)).toBe("complete");
  await replace(join(root, "a.md"), "1");
  await inTime(following.shows({ "a.md": "1" }));
  expect(following.degraded).toEqual([]);
  await following.stop();
});

test("watches the targets of followed links and sees each save there", patience, async () => {
  await folder.put("outside/file.md", "0");
  await folder.put("outside/folder/deep/b.md", "0");
  await symlink(join(folder.root, "outside/file.md"), join(root, "a.md"));
  await symlink(join(folder.root, "outside/folder"), join(root, "linked"));
  const following = follow({ path: root, followSymlinks: true }, signalOfTest());
  await following.shows({ "a.md": "0", "linked/deep/b.md": "0" });
  for (const text of ["1", "2", "3"]) {
    await replace(join(folder.root, "outside/file.md"), text);
    await following.shows({ "a.md": text, "linked/deep/b.md": String(Number(text) - 1) });
    await replace(join(folder.root, "outside/folder/deep/b.md"), text);
    await following.shows({ "a.md": text, "linked/deep/b.md": text });
  }
  await writeFile(join(folder.root, "outside/file.md"), "in place");
  await following.shows({ "a.md": "in place", "linked/deep/b.md": "3" });
  await following.stop();
});

test("watches each listed folder once, and nothing after the end", patience, async () => {
  for (const path of ["a.md", "one/a.md", "two/deep/a.md", "node_modules/x/a.md", ".git/a.md"])
    await put(path, "");
  const { fileSystem, watched } = recordingWatches(false);
  const signal = signalOfTest();
  const following = follow({ path: root, exclude: ["one"] }, signal, fileSystem);
  await following.shows({ "a.md": "", "two/deep/a.md": "" });
  expect(watched()).toEqual(["", "two", "two/deep"].map((path) => join(root, path)));
  await rm(join(root, "two"), { recursive: true });
  await following.shows({ "a.md": "" });
  await put("three/a.md", "");
  await following.shows({ "a.md": "", "three/a.md": "" });
  expect(watched()).toEqual(["", "three"].map((path) => join(root, path)));
  await following.stop();
  expect(watched()).toEqual([]);
});

test("ends the wait and all watches on an abort", patience, async () => {
  await put("one/a.md", "");
  const { fileSystem, watched } = recordingWatches(false);
  const controller = new AbortController();
  const following = follow({ path: root }, controller.signal, fileSystem);
  await following.shows({ "one/a.md": "" });
  const waiting = following.shows({});
  controller.abort("enough");
  await expect(waiting).rejects.toBe("enough");
  expect(watched()).toEqual([]);
});

test("watches only the root and link targets if the system watches whole trees", async () => {
  await put("one/two/a.md", "");
  await folder.put("outside/deep/b.md", "");
  await symlink(join(folder.root, "outside"), join(root, "linked"));
  const { fileSystem, watched } = recordingWatches(true);
  const following = follow({ path: root, followSymlinks: true }, signalOfTest(), fileSystem);
  await following.shows({ "linked/deep/b.md": "", "one/two/a.md": "" });
  expect(watched()).toEqual([root, join(root, "linked")]);
  await following.stop();
});

const exhausted = Object.assign(new Error("ENOSPC: System limit for number of file watchers reached"), {
  code: "ENOSPC",
});

for (const [when, isRefused] of [
  ["when one more folder is listed", (path: string) => path.endsWith("two")],
  ["later", () => false],
] as const)
  test(
    `reports that the system cannot watch, ${when}, and lists the folder every 10 s`,
    patience,
    async () => {
      stopTheClock();
      await put("one/a.md", "0");
      await put("two/b.md", "0");
      const { fileSystem, watched, fail } = recordingWatches(false, (path) => isRefused(path) ? exhausted : undefined); // prettier-ignore
      let listings = 0;
      const names: typeof fileSystem.names = (path) => {
        if (path === root) listings += 1;
        return nodeFileSystem.names(path);
      };
      const following = follow({ path: root }, signalOfTest(), { ...fileSystem, names });
      await inTime(following.shows({ "one/a.md": "0", "two/b.md": "0" }));
      const degrading = following.degrades();
      await pass(0);
      fail(exhausted);
      expect(await inTime(degrading)).toMatchObject({ error: { code: "watch_failed", cause: exhausted } });
      expect(watched()).toEqual([]);
      const next = following.shows({ "one/a.md": "0", "two/b.md": "1" });
      await pass(1_000);
      listings = 0;
      for (let second = 0; second < 100; second++) await pass(1_000);
      expect(listings).toBeGreaterThan(2);
      expect(listings).toBeLessThan(12);
      await replace(join(root, "two/b.md"), "1");
      await inTime(next);
      expect(following.degraded).toHaveLength(1);
      await following.stop();
    },
  );
