import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { measureAlternating } from "./measure.ts";

const run = promisify(execFile);
const RUNS = 9;

/** An importable path, and the folder to resolve it from. */
export interface ImportedEntry {
  readonly name: string;
  /** Holds `probe.mjs` and `loaded.mjs`. */
  readonly folder: string;
}

/** Costs of an import. */
export interface ImportFigures {
  /** Median milliseconds of the `import` itself, in a running Node. */
  readonly ms: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** Median processor time of the `import` in milliseconds. */
  readonly cpuMs: number;
  /** Median milliseconds of the whole process minus a process that imports nothing. */
  readonly processMs: number;
  readonly runs: number;
  /** Number of loaded files of all packages. */
  readonly files: number;
  readonly bytes: number;
  /** Loaded packages besides the entry's own. */
  readonly others: readonly string[];
}

/** Imports every entry in new processes, in turn, after one round that fills the file cache. */
export async function measureImports(
  entries: readonly ImportedEntry[],
): Promise<ReadonlyMap<string, ImportFigures>> {
  const times = new Map(entries.map(({ name }): [string, Probe[]] => [name, []]));
  const [first] = entries;
  if (first === undefined) return new Map();
  const processes = await measureAlternating([
    { name: "", runs: RUNS, warmups: 1, run: () => probe({ ...first, name: "" }) },
    ...entries.map((entry) => ({
      name: entry.name,
      runs: RUNS,
      warmups: 1,
      run: async () => {
        const cost = await probe(entry);
        times.get(entry.name)?.push(cost);
        return cost;
      },
    })),
  ]);
  const wall = (name: string): number =>
    processes.find((process) => process.name === name)?.medianMs ?? Number.NaN;
  const figures = new Map<string, ImportFigures>();
  for (const entry of entries) {
    // The first run is the warm-up.
    const costs = (times.get(entry.name) ?? []).slice(1);
    const milliseconds = costs.map(({ ms }) => ms);
    figures.set(entry.name, {
      ms: median(milliseconds),
      minMs: Math.min(...milliseconds),
      maxMs: Math.max(...milliseconds),
      cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
      processMs: wall(entry.name) - wall(""),
      runs: costs.length,
      ...(await loadedBy(entry)),
    });
  }
  return figures;
}

interface Probe {
  readonly ms: number;
  readonly cpuMs: number;
}

async function probe({ name, folder }: ImportedEntry): Promise<Probe> {
  const values = name === "" ? [] : [name];
  const cost: Probe = JSON.parse(await nodeOutput(folder, "probe.mjs", values));
  return cost;
}

async function loadedBy({
  name,
  folder,
}: ImportedEntry): Promise<Pick<ImportFigures, "files" | "bytes" | "others">> {
  const urls: readonly string[] = JSON.parse(await nodeOutput(folder, "loaded.mjs", [name]));
  const paths = urls.filter((url) => url.startsWith("file:")).map((url) => fileURLToPath(url));
  const own = /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name;
  const packages = new Set(paths.flatMap((path) => packageOf(path) ?? []));
  packages.delete(own);
  return {
    files: paths.length,
    bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0),
    others: [...packages].toSorted(),
  };
}

function packageOf(path: string): string | undefined {
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

async function nodeOutput(folder: string, script: string, values: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [script, ...values], { cwd: folder });
  return stdout;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}
