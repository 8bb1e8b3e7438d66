import { characterAt, isPair } from "../../tokenizer/utf8.ts";

/** A run of marks that may begin or end emphasis. */
export interface DelimiterRun {
  readonly mark: string;
  readonly length: number;
  readonly canOpen: boolean;
  readonly canClose: boolean;
  /** Number of marks that remain as text. */
  left: number;
}

const white = /\s/;
const punctuation = /[\p{P}\p{S}]/u;

/**
 * Reads the run of one mark from `start` to `end`. Its neighbours decide whether it can emphasise:
 * `snake_case` and `2 * 3` do not.
 */
export function delimiterRun(source: string, start: number, end: number): DelimiterRun {
  const before = start === 0 ? " " : characterBefore(source, start);
  const after = end === source.length ? " " : String.fromCodePoint(characterAt(source, end));
  const follows = punctuation.test(before);
  const leads = punctuation.test(after);
  const opens = !white.test(after) && (!leads || follows || white.test(before));
  const closes = !white.test(before) && (!follows || leads || white.test(after));
  const mark = source.charAt(start);
  const isWithinWord = mark === "_" && opens && closes;
  return {
    mark,
    length: end - start,
    canOpen: opens && (!isWithinWord || follows),
    canClose: closes && (!isWithinWord || leads),
    left: end - start,
  };
}

function characterBefore(source: string, index: number): string {
  return isPair(source, index - 2) ? source.slice(index - 2, index) : source.charAt(index - 1);
}

/**
 * Removes the marks that emphasise text, by CommonMark's rules. `left` of each run is the number that
 * remains.
 */
export function matchRuns(runs: readonly DelimiterRun[]): void {
  const open: DelimiterRun[] = [];
  // Below this depth a run of the same kind finds no opener, so no range is searched twice.
  const searched = new Map<string, number>();
  for (const run of runs) {
    const kind = `${run.mark}${run.canOpen}${run.length % 3}`;
    while (run.canClose && run.left > 0) {
      const index = lastOpener(open, run, searched.get(kind) ?? 0);
      const opener = open[index];
      if (opener === undefined) break;
      const marks = Math.min(opener.left, run.left, 2);
      opener.left -= marks;
      run.left -= marks;
      open.length = opener.left > 0 ? index + 1 : index;
      for (const [other, depth] of searched) searched.set(other, Math.min(depth, open.length));
    }
    if (run.canClose && run.left > 0) searched.set(kind, open.length);
    if (run.canOpen && run.left > 0) open.push(run);
  }
}

function lastOpener(open: readonly DelimiterRun[], run: DelimiterRun, lowest: number): number {
  let index = open.length - 1;
  while (index >= lowest && !matches(open[index], run)) index--;
  return index < lowest ? -1 : index;
}

function matches(opener: DelimiterRun | undefined, run: DelimiterRun): boolean {
  if (opener?.mark !== run.mark) return false;
  if (run.mark === "~") return opener.length === run.length;
  // CommonMark's rule of three distinguishes `*a**b*` from `*a**b**c*`.
  const isEither = opener.canClose || run.canOpen;
  return (
    !isEither || (opener.length + run.length) % 3 !== 0 || (opener.length % 3 === 0 && run.length % 3 === 0)
  );
}
