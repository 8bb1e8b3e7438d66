import type { PageCorpus } from "./index-corpus.ts";
import type { RunFigures, SideFigures } from "./index-figures.ts";
import type { SideName } from "./index-processes.ts";
import { printTable, rangeOf, type Row } from "./report.ts";

const MEBIBYTE = 2 ** 20;
const peers: Readonly<Record<SideName, string | undefined>> = {
  binnacle: undefined,
  langchain: "@langchain/core index()",
};

/** The fields that all rows of this suite share. */
export type RowBase = Pick<Row, "suite" | "versions" | "seed">;

/** Prints the table of both sides' syncs and returns their rows. */
export function reportSyncs(
  sides: Readonly<Record<SideName, readonly SideFigures[]>>,
  corpus: PageCorpus,
  base: RowBase,
): readonly Row[] {
  const names: readonly SideName[] = ["binnacle", "langchain"];
  const rows = names.flatMap((side) => [
    ...ingestRows(side, sides[side], corpus, base),
    ...syncRows(side, sides[side], base),
  ]);
  printIngest(rows);
  printSyncs(rows);
  return rows;
}

function ingestRows(
  side: SideName,
  figures: readonly SideFigures[],
  { pages, bytes }: PageCorpus,
  base: RowBase,
): readonly Row[] {
  const seconds = median(figures.map(({ ingest }) => ingest.ms)) / 1_000;
  const chunks = figures[0]?.chunks ?? 0;
  const times = figures.map(({ ingest }) => ingest.ms);
  const peaks = figures.map(({ peakBytes }) => peakBytes / MEBIBYTE);
  const peer = peers[side];
  return [
    {
      ...base,
      row: "first ingest",
      value: round(pages.length / seconds),
      unit: "pages/s",
      ...(peer === undefined ? {} : { peer }),
      chunksPerSecond: round(chunks / seconds),
      megabytesPerSecond: round(bytes / 1e6 / seconds),
      ...spread(times),
      cpuMs: round(median(figures.map(({ ingest }) => ingest.cpuMs))),
      chunks,
      embedded: figures[0]?.ingest.embedded,
      needed: figures[0]?.ingest.needed,
    },
    {
      ...base,
      row: "first ingest, peak memory over baseline",
      value: round(median(peaks)),
      unit: "MiB",
      ...(peer === undefined ? {} : { peer }),
      min: round(Math.min(...peaks)),
      max: round(Math.max(...peaks)),
      runs: peaks.length,
    },
  ];
}

function syncRows(side: SideName, figures: readonly SideFigures[], base: RowBase): readonly Row[] {
  const changes = figures.flatMap((figure) => figure.changes ?? []);
  const edited = changes.flatMap((change) => change.edited);
  const renamed = changes.flatMap((change) => change.renamed);
  const unchanged = figures.flatMap((figure) => figure.unchanged);
  const row = (name: string, target: string, runs: readonly RunFigures[], isRight: boolean): Row => ({
    ...base,
    row: name,
    value: round(median(runs.map(({ ms }) => ms))),
    unit: "ms",
    ...(peers[side] === undefined ? { target, ok: isRight, correct: isRight } : { peer: peers[side] }),
    ...spread(runs.map(({ ms }) => ms)),
    cpuMs: round(median(runs.map(({ cpuMs }) => cpuMs))),
    embedded: most(runs, "embedded"),
    needed: most(runs, "needed"),
    written: most(runs, "written"),
    deleted: most(runs, "deleted"),
    read: most(runs, "read"),
  });
  const fewestLive = Math.min(...figures.map((figure) => figure.fewestLive));
  const wrongPoints = changes.reduce((sum, change) => sum + change.wrongPoints, 0);
  const [quiet, exact] = [unchanged.every(costsNothing), [...edited, ...renamed].every(embedsWhatIsNew)];
  return [
    {
      ...row("unchanged", "0 embeddings, 0 writes, no file read", unchanged, quiet),
      needed: 0,
      points: figures[0]?.ingest.written,
      fewestLive,
    },
    row("one sentence edited", "embeds the chunks whose content is new", edited, exact),
    {
      ...row("one file renamed", "0 embeddings", renamed, exact && wrongPoints === 0),
      wrongPointsAfterAll: wrongPoints,
      faults: figures.flatMap(({ faults }) => faults),
    },
  ];
}

const costsNothing = ({ embedded, written, deleted, read }: RunFigures): boolean =>
  embedded + written + deleted + read === 0;

const embedsWhatIsNew = ({ embedded, needed }: RunFigures): boolean => embedded === needed;

function printIngest(rows: readonly Row[]): void {
  const ingests = rows.filter(({ row }) => row === "first ingest");
  printTable(
    "First ingest; LangChain's store is in memory, ours is a file with vectors and BM25",
    ["", "pages/s", "chunks/s", "MB/s", "ms", "min–max", "CPU ms", "chunks", "embedded", "peak MiB"],
    ingests.map((row) => {
      const peak = rows.find(({ peer, unit }) => peer === row.peer && unit === "MiB");
      const { value, chunksPerSecond, megabytesPerSecond, medianMs, cpuMs } = row;
      const cells = [value, chunksPerSecond, megabytesPerSecond, medianMs, rangeOf(row), cpuMs];
      return [sideOf(row), ...[...cells, row["chunks"], row["embedded"], peak?.value].map(String)];
    }),
  );
}

function printSyncs(rows: readonly Row[]): void {
  printTable(
    "Syncs after it; the most of any run",
    ["", "", "ms", "min–max", "embedded", "needed", "written", "deleted", "files read", "fewest points"],
    rows
      .filter(({ unit }) => unit === "ms")
      .toSorted((a, b) => syncOrder.indexOf(a.row) - syncOrder.indexOf(b.row))
      .map((row) => {
        const { value, embedded, needed, written, deleted, read, fewestLive = "" } = row;
        const cells = [value, rangeOf(row), embedded, needed, written, deleted, read, fewestLive];
        return [row.row, sideOf(row), ...cells.map(String)];
      }),
  );
  for (const row of rows) {
    const wrong = row["wrongPointsAfterAll"];
    if (typeof wrong === "number")
      console.log(`${sideOf(row)}: ${wrong} points differ from the sources after all of this`);
  }
}

const syncOrder = ["unchanged", "one sentence edited", "one file renamed"];

const sideOf = ({ peer }: Pick<Row, "peer">): string => (peer === undefined ? "Binnacle" : "LangChain");

function most(
  runs: readonly RunFigures[],
  field: "embedded" | "needed" | "written" | "deleted" | "read",
): number {
  return Math.max(...runs.map((run) => run[field] ?? 0));
}

function spread(times: readonly number[]): Readonly<Record<string, number>> {
  return {
    medianMs: round(median(times)),
    minMs: round(Math.min(...times)),
    maxMs: round(Math.max(...times)),
    runs: times.length,
  };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

const round = (value: number): number => Math.round(value * 100) / 100;
