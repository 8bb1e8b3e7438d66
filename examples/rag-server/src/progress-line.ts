/** The facts that one line of progress shows. */
export interface ShownProgress {
  readonly done: number;
  /** Number of all documents. Undefined until it is known. */
  readonly total: number | undefined;
  readonly chunks: number;
  readonly elapsedMs: number;
  /** The document that was read last. */
  readonly name: string;
}

const barWidth = 24;
/** A rate of the first moments says nothing. */
const leastMsForRate = 500;

/** Returns the progress as one line of at most `columns` characters. It has a bar once the total is known. */
export function progressLine(
  { done, total, chunks, elapsedMs, name }: ShownProgress,
  columns: number,
): string {
  const counted = total === undefined ? `${done} documents` : `${done}/${total} documents`;
  const rate = done === 0 || elapsedMs < leastMsForRate ? [] : [`${rateOf(done, elapsedMs)}/s`];
  const facts = [counted, `${chunks} chunks`, ...rate].join(", ");
  const line = `  ${total === undefined ? "" : `${bar(done / Math.max(1, total))}  `}${facts}  ${name}`;
  return line.length <= columns ? line.trimEnd() : `${line.slice(0, Math.max(0, columns - 1))}…`;
}

function rateOf(done: number, elapsedMs: number): string {
  const perSecond = done / (elapsedMs / 1000);
  return perSecond < 10 ? perSecond.toFixed(1) : perSecond.toFixed(0);
}

function bar(share: number): string {
  const filled = Math.min(barWidth, Math.floor(share * barWidth));
  return `${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${String(Math.floor(Math.min(1, share) * 100)).padStart(3)} %`;
}
