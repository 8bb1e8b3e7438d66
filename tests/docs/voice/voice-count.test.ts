import { expect, test } from "vitest";
import { docblockFindings, findVoice, titleFindings } from "./find-voice.ts";

/** Most findings of each area. An area that is missing here has none. */
const stored: Readonly<Record<string, number>> = {
  "packages/retriever": 4,
};

const found = findVoice();
const areas = [...new Set([...Object.keys(stored), ...found.map(({ area }) => area)])].sort();

test.each(areas)("breaks the rules of the voice no more often than before in %s", (area) => {
  const count = found.filter((finding) => finding.area === area).length;
  const most = stored[area] ?? 0;
  const advice = `\`npm run --silent voice -- ${area}\` lists the findings. Rewrite the new ones. When the count falls, store the lower number in this file.`;
  expect(
    count,
    `${area} has ${count} findings, but at most ${most} are allowed. ${advice}`,
  ).toBeLessThanOrEqual(most);
});

test("finds a docblock and a title that break the rules", () => {
  const file = "packages/core/src/kit/a.ts";
  expect(docblockFindings(file, "/** What it holds. */")).toMatchObject([
    { kind: "docblocks", area: "packages/core", pattern: "opening" },
  ]);
  expect(titleFindings(file, 'test("the value is kept", run);')).toMatchObject([
    { pattern: "no verb first" },
  ]);
  expect(titleFindings(file, 'test("keeps the value (T1)", run);')).toEqual([]);
});
