import { formatResume } from "../run/checkpoint.ts";
import type { RunContext } from "../run/run-context.ts";
import type { OpenChanges } from "./open-changes.ts";
import type { ScopeMarks } from "./scope-marks.ts";
import type { SourceScopes } from "./source-scopes.ts";

/** The input of {@link recordMarks}. */
export interface MarksToRecord {
  readonly scopes: SourceScopes;
  readonly marks: ScopeMarks;
  readonly open: OpenChanges;
  readonly always?: boolean | undefined;
}

/**
 * Records the checkpoints before which nothing is open. A scope whose listing is incomplete or refused keeps
 * its old checkpoint, because a source that resumes would not show the rest again. With `always` it records
 * the epoch even if there is no checkpoint.
 */
export async function recordMarks(
  context: RunContext,
  { scopes, marks, open, always = false }: MarksToRecord,
): Promise<void> {
  if (marks.size === 0 && !always) return;
  const openSince = open.since();
  const taken = marks.take((scope) => (isWhole(scopes, scope) ? openSince(scope) : 0));
  const resume = new Map<string, string>();
  for (const [scope, mark] of taken) if (mark.resume !== undefined) resume.set(scope, mark.resume);
  if (resume.size > 0 || always) await record(context, resume);
  for (const [scope, { asOf }] of taken) if (asOf !== undefined) scopes.current(scope, asOf);
}

function isWhole(scopes: SourceScopes, scope: string): boolean {
  const state = scopes.state(scope);
  return state === undefined || state === "current" || state === "pending";
}

async function record(context: RunContext, checkpoints: ReadonlyMap<string, string>): Promise<void> {
  const { entries, points, config, call, lock } = context;
  const resume = new Map<string, string>();
  for (const [scope, checkpoint] of checkpoints) resume.set(scope, formatResume(config, checkpoint));
  await lock.run(async () => {
    const epoch = await points.settledEpoch();
    await entries.put([], { ...call, epoch, resume });
  });
}
