/** One sync, or one call of LangChain's `index()`, and what it did. */
export interface RunFigures {
  readonly ms: number;
  readonly cpuMs: number;
  /** Texts that the model was given. */
  readonly embedded: number;
  /** Points put, or documents added. */
  readonly written: number;
  readonly deleted: number;
  /** Files opened. */
  readonly read: number;
  /** Texts that had to be embedded, by an independent count; missing where there is none. */
  readonly needed?: number | undefined;
}

/** What one process measured of one side. */
export interface SideFigures {
  readonly chunks: number;
  /** Distinct contents among the chunks. */
  readonly distinct: number;
  readonly ingest: RunFigures;
  /** Highest resident size of the process over what it was before the first ingest. */
  readonly peakBytes: number;
  readonly unchanged: readonly RunFigures[];
  /** Fewest points that could be found while an unchanged corpus was indexed again. */
  readonly fewestLive: number;
  /** Findings that make the suite fail. */
  readonly faults: readonly string[];
  /** Missing where it was not asked for. */
  readonly changes?: ChangeFigures | undefined;
}

/** What edits and renames cost, and where they left the index. */
export interface ChangeFigures {
  readonly edited: readonly RunFigures[];
  readonly renamed: readonly RunFigures[];
  /** Points at the end that no chunk of the sources has, and chunks that no point has. */
  readonly wrongPoints: number;
}

/** What a side is given. */
export interface SideInput {
  /** Holds the pages; the side may change them. */
  readonly folder: string;
  /** Holds the first pages, to warm up. */
  readonly warmUpFolder: string;
  /** Empty; for what the side keeps. */
  readonly dataFolder: string;
  /** Whether to go on to edits and renames, and to check at the end what was indexed. */
  readonly withChanges: boolean;
}

export const DIMENSIONS = 384;
export const MS_PER_TEXT = 0.25;
export const MAX_TOKENS = 300;
export const OVERLAP_TOKENS = 50;
/** Unchanged runs, edits and renames per process. */
export const REPEATS = 5;

/** Runs something and takes its times; what it returns is added to them. */
export async function timed(run: () => Promise<Omit<RunFigures, "ms" | "cpuMs">>): Promise<RunFigures> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const counts = await run();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1_000, ...counts };
}

/** Resident size now, after a collection where this Node allows one. */
export function settledBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}

/** Highest resident size this process ever had. */
export function highestBytes(): number {
  return process.resourceUsage().maxRSS * 1_024;
}
