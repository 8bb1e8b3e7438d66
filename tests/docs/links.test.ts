import { existsSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { readPage, readerPages, repository } from "./pages.ts";

/** Returns a page's text without fenced blocks and code. */
function prose(page: string): string {
  return readPage(page)
    .replaceAll(/^```[^]*?^```/gm, "")
    .replaceAll(/`[^`\n]*`/g, "");
}

/** Returns the targets of a page's links and images. */
function targets(page: string): readonly string[] {
  const text = prose(page);
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)/g)];
  const defined = [...text.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)];
  return [...inline, ...defined].map(([, target = ""]) => target);
}

/** Returns the anchors of a page's headings, as GitHub and the reference site create them. */
function anchors(page: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const headings = readPage(page)
    .replaceAll(/^```[^]*?^```/gm, "")
    .matchAll(/^#{1,6} +(.+?) *#*$/gm);
  return new Set(
    [...headings].map(([, title = ""]) => {
      const plain = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
      const slug = plain.replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "").replaceAll(" ", "-");
      const before = seen.get(slug) ?? 0;
      seen.set(slug, before + 1);
      return before === 0 ? slug : `${slug}-${before}`;
    }),
  );
}

function complaint(page: string, target: string): string | undefined {
  if (/^(https?|mailto):/.test(target)) return undefined;
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : relative(repository, join(repository, dirname(page), decodeURI(path)));
  const where = join(repository, file);
  if (file.startsWith("..") || !existsSync(where)) return `${page}: ${target} is not there`;
  if (anchor === undefined) return undefined;
  if (statSync(where).isDirectory() || !file.endsWith(".md")) return `${page}: ${target} has no anchors`;
  return anchors(file).has(anchor) ? undefined : `${page}: ${target} names no heading`;
}

const pages = readerPages();

test("finds pages and their links", () => {
  expect(pages).toEqual(expect.arrayContaining(["README.md", "CONTRIBUTING.md", "docs/architecture.md"]));
  expect(targets("README.md").length).toBeGreaterThan(8);
  expect(complaint("README.md", "docs/nothing.md")).toContain("is not there");
  expect(complaint("README.md", "CONTRIBUTING.md#no-such-heading")).toContain("names no heading");
  expect(complaint("README.md", "CONTRIBUTING.md#where-does-my-change-go")).toBeUndefined();
});

test.each(pages)("finds the target of every link and image of %s", (page) => {
  expect(
    targets(page)
      .map((target) => complaint(page, target))
      .filter(Boolean),
  ).toEqual([]);
});
