import { findVoice } from "./find-voice.ts";

// `npm run voice` prints the counts; `npm run voice -- packages/core` prints each finding below a path.
const below = process.argv[2];
const found = findVoice();
if (below === undefined) {
  const areas = [...new Set(found.map(({ area }) => area))].sort();
  const rows = areas.map((area) => {
    const own = found.filter((finding) => finding.area === area);
    const count = (kind: string): number => own.filter((finding) => finding.kind === kind).length;
    return { area, docblocks: count("docblocks"), pages: count("pages"), titles: count("titles") };
  });
  console.table(rows);
  console.log(`${found.length} findings`);
} else {
  for (const { file, pattern, sentence } of found.filter((finding) => finding.file.startsWith(below)))
    console.log(`${file}  [${pattern}]  ${sentence}`);
}
