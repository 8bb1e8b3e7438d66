import type { Frame } from "./session.ts";

const longestRunMs = 2_500;
const shortestFrameMs = 80;

/**
 * Plays each run of a program in at most 2.5 seconds, and drops frames that are too short to see. A slow
 * machine then makes the same recording as a fast one. The rows do not change.
 */
export function shortenWaits(frames: readonly Frame[]): readonly Frame[] {
  const shortened: Frame[] = [];
  let saved = 0;
  for (const run of runsOf(frames)) {
    const from = run[0]?.atMs ?? 0;
    const tookMs = (run.at(-1)?.atMs ?? from) - from;
    const pace = Math.min(1, longestRunMs / Math.max(tookMs, 1));
    const placed = run.map((frame) => ({
      ...frame,
      atMs: Math.round(from - saved + (frame.atMs - from) * pace),
    }));
    shortened.push(...visibleOf(placed));
    saved += tookMs * (1 - pace);
  }
  return shortened;
}

/** Frames in stretches: of typing, of a program that runs, and so on. */
function runsOf(frames: readonly Frame[]): readonly (readonly Frame[])[] {
  const runs: Frame[][] = [];
  for (const frame of frames) {
    const last = runs.at(-1);
    if (last?.[0]?.isRunning === frame.isRunning) last.push(frame);
    else runs.push([frame]);
  }
  return runs.flatMap((run) => (run[0]?.isRunning === true ? [run] : run.map((frame) => [frame])));
}

/** The last frame always stays, because it shows how the run ended. */
function visibleOf(run: readonly Frame[]): readonly Frame[] {
  let shownAt = -Infinity;
  return run.filter(({ atMs }, at) => {
    const next = run[at + 1];
    if (next !== undefined && next.atMs - shownAt < shortestFrameMs) return false;
    shownAt = atMs;
    return true;
  });
}
