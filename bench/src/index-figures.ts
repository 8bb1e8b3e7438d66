/** Figures of one sync, or of one call of LangChain's `index()`. */
export interface RunFigures {
  readonly ms: number;
  readonly cpuMs: number;
  /** Texts that the model received. */
  readonly embedded: number;
  /** Points written, or documents added. */
  readonly written: number;
  readonly deleted: number;
  /** Files opened. */
  readonly read: number;
  /** Texts that had to be embedded, by an independent count. Missing if there is no count. */
  readonly needed?: number | undefined;
}

/** Figures of one side from one process. */
export interface SideFigures {
  readonly chunks: number;
  /** Distinct contents among the chunks. */
  readonly distinct: number;
  readonly ingest: RunFigures;
  /** Highest resident size of the process minus its size before the first ingest. */
  readonly peakBytes: number;
  readonly unchanged: readonly RunFigures[];
  /** Fewest searchable points while an unchanged corpus was indexed again. */
  readonly fewestLive: number;
  /** Faults that make the suite fail. */
  readonly faults: readonly string[];
  /** Missing if changes were not measured. */
  readonly changes?: ChangeFigures | undefined;
}

/** Costs of edits and renames, and the state of the index after them. */
export interface ChangeFigures {
  readonly edited: readonly RunFigures[];
  readonly renamed: readonly RunFigures[];
  /** Points at the end without a chunk in the sources, and chunks without a point. */
  readonly wrongPoints: number;
}

/** Input of one side. */
export interface SideInput {
  /** Folder of the pages, which the side may change. */
  readonly folder: string;
  /** Folder of the first pages, for the warm-up. */
  readonly warmUpFolder: string;
  /** Empty folder for the side's own data. */
  readonly dataFolder: string;
  /** If true, also measures edits and renames, and checks the index at the end. */
  readonly withChanges: boolean;
}

export const DIMENSIONS = 384;
export const MS_PER_TEXT = 0.25;
export const MAX_TOKENS = 300;
export const OVERLAP_TOKENS = 50;
/** Unchanged runs, edits and renames per process. */
export const REPEATS = 5;

/** Runs something and adds its times to its result. */
export async function timed(run: () => Promise<Omit<RunFigures, "ms" | "cpuMs">>): Promise<RunFigures> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const counts = await run();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1_000, ...counts };
}

/** Returns the resident size, after a garbage collection if this Node allows one. */
export function settledBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}

/** Returns the highest resident size of this process so far. */
export function highestBytes(): number {
  return process.resourceUsage().maxRSS * 1_024;
}
