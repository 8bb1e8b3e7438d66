import { execFile, execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  record,
  tuple,
  type Arbitrary,
} from "fast-check";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { createTemporaryFolder, type TemporaryFolder } from "./fixtures/temporary-folder.ts";

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await createTemporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

const hasGit = ((): boolean => {
  try {
    return execFileSync("git", ["--version"]).length > 0;
  } catch {
    return false;
  }
})();

/** Lists the files that git would add, with only the folder's own rules. */
async function byGit(): Promise<readonly string[]> {
  const settings = ["-c", "core.ignorecase=false", "-c", "core.excludesFile="];
  const command = ["ls-files", "--others", "--exclude-standard", "-z"];
  const { stdout } = await promisify(execFile)("git", [...settings, ...command], { cwd: folder.root });
  return stdout.split("\0").filter((path) => path !== "" && !path.endsWith(".gitignore"));
}

const names = ["a", "logs", "x.md"];
const paths = names.flatMap((one) => [
  `${one}1`,
  ...names.slice(0, 2).flatMap((two) => names.map((three) => `${two}/${three}/${one}.log`)),
]);

async function asGit(): Promise<void> {
  expect((await folder.listing()).ids.toSorted()).toEqual((await byGit()).toSorted());
}

for (const files of [
  { "": "**/logs\n", a: "!logs\n" },
  { "": "logs/*\n", logs: "!*/\n" },
  { "": "a/*\n", a: "!logs/\n" },
])
  test.runIf(hasGit)(
    `lists the content of a folder that a nearer .gitignore re-includes: ${JSON.stringify(files)}`,
    async () => {
      await promisify(execFile)("git", ["init", "-q"], { cwd: folder.root });
      for (const path of paths) await folder.put(path);
      for (const [at, content] of Object.entries(files)) await folder.put(join(at, ".gitignore"), content);
      await asGit();
    },
  );

test.runIf(hasGit)("ignores the same files as git for any nested .gitignore files", async () => {
  await promisify(execFile)("git", ["init", "-q"], { cwd: folder.root });
  for (const path of paths) await folder.put(path);
  const segment = constantFrom(...names, ...names, "*", "**", "*.log", "?", "[al]*");
  const rule = record({
    start: constantFrom("", "", "/"),
    segments: array(segment, { minLength: 1, maxLength: 2 }),
    end: constantFrom("", "", "/"),
  }).map(({ start, segments, end }) => `${start}${segments.join("/")}${end}\n`);
  const rules = (...signs: readonly string[]): Arbitrary<string> =>
    array(tuple(constantFrom(...signs), rule), { minLength: 1, maxLength: 3 }).map((lines) =>
      lines.map(([sign, text]) => sign + text).join(""),
    );
  const places = constantFrom("a", "a", "logs", "logs", "a/logs", "logs/a");
  const files = tuple(
    rules("", "", "!"),
    dictionary(places, rules("!", "!", ""), { minKeys: 1, maxKeys: 3 }),
  );
  const property = asyncProperty(files, async ([outer, inner]) => {
    const put = Object.entries({ "": outer, ...inner }).map(
      ([at, content]) => [join(at, ".gitignore"), content] as const,
    );
    for (const [path, content] of put) await folder.put(path, content);
    try {
      await asGit();
    } finally {
      for (const [path] of put) await rm(join(folder.root, path));
    }
  });
  // On a failure, fast-check prints the seed and the smallest rules that fail.
  await assert(property, { numRuns: 80 * inject("propertyShare") });
});

test.runIf(hasGit)("ignores the same files as git for two nested .gitignore files", async () => {
  await folder.put(".gitignore", "*.log\n/build\n!keep.log\ntmp/\n");
  await folder.put("sub/.gitignore", "!deep.log\nsecret.*\n");
  const paths = ["a.log", "a.md", "keep.log", "build/x.md", "sub/build/y.md", "sub/deep.log", "sub/other.log", "sub/secret.md", "tmp/z.md", "sub/tmp", "A.LOG"]; // prettier-ignore
  for (const path of paths) await folder.put(path);
  const git = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)("git", ["-c", "core.ignorecase=false", ...args], { cwd: folder.root })).stdout;
  await git("init", "-q");
  const byGit = (await git("ls-files", "--others", "--exclude-standard", "-z")).split("\0");
  const wanted = byGit.filter((path) => path !== "" && !path.endsWith(".gitignore"));
  expect((await folder.listing()).ids.toSorted()).toEqual(wanted.toSorted());
  expect((await folder.listing({ gitignore: false })).ids.toSorted()).toEqual(paths.toSorted());
});
