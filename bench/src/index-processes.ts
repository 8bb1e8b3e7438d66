import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { writePages, type PageCorpus } from "./index-corpus.ts";
import type { SideFigures } from "./index-figures.ts";

const PROCESSES = 3;
const WARM_UP_PAGES = 100;
/** A younger file is read, because its times cannot show if it was written again. */
const DOUBT_MS = 2_100;

const run = promisify(execFile);
const child = fileURLToPath(new URL("./index-child.ts", import.meta.url));

export type SideName = "binnacle" | "langchain";

/** Measures both sides in turn, each time in a new process and on its own copy of the pages. */
export async function measureSides(
  corpus: PageCorpus,
): Promise<Readonly<Record<SideName, readonly SideFigures[]>>> {
  const folder = await mkdtemp(join(tmpdir(), "binnacle-bench-"));
  const figures: Record<SideName, SideFigures[]> = { binnacle: [], langchain: [] };
  try {
    await writePages(join(folder, "pages"), corpus.pages);
    await writePages(join(folder, "warm-up"), corpus.pages.slice(0, WARM_UP_PAGES));
    for (let round = 0; round < PROCESSES; round++) {
      const order: readonly SideName[] =
        round % 2 === 0 ? ["binnacle", "langchain"] : ["langchain", "binnacle"];
      for (const side of order) {
        console.error(`index: ${side}, process ${round + 1} of ${PROCESSES}`);
        figures[side].push(await measureSide(side, folder, round === 0));
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return figures;
}

async function measureSide(side: SideName, folder: string, withChanges: boolean): Promise<SideFigures> {
  const own = join(folder, "own");
  await mkdir(join(own, "data"), { recursive: true });
  await cp(join(folder, "pages"), join(own, "pages"), { recursive: true });
  await sleep(DOUBT_MS);
  const flags = ["--expose-gc", "--conditions=@binnacle/source", child];
  const folders = [join(own, "pages"), join(folder, "warm-up"), join(own, "data")];
  const extent = withChanges ? "with-changes" : "without";
  const { stdout } = await run(process.execPath, [...flags, side, ...folders, extent], {
    maxBuffer: 2 ** 24,
  });
  await rm(own, { recursive: true, force: true });
  // Our own child wrote it a moment ago.
  const figures: SideFigures = JSON.parse(stdout);
  return figures;
}
