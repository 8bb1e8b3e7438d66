import assert from "node:assert/strict";
import type { SourceChange, UpsertChange } from "../../spec/document-source.ts";
import {
  followUntil,
  isGone,
  isListed,
  isWhole,
  readAll,
  upserts,
  once,
  type ChangeableContent,
  type DocumentSourceSubject,
  type SourcePromise,
} from "./source-subject.ts";

/** Promises of sources that report changes while they are followed. */
export const changePromises: readonly SourcePromise[] = [
  [
    "shows new and changed documents with another version while it is followed",
    async ({ source, content, documentIds }) => {
      const before = upserts(await readAll(source));
      const [changed] = before;
      assert.ok(changed && documentIds.includes(changed.documentId));
      const said = await followUntil(source, (heard) => latest(heard, changed.documentId) !== undefined, {
        meanwhile: () => changeable(content).put(changed.documentId),
      });
      assert.notEqual(latest(said, changed.documentId)?.version, changed.version);
    },
  ],
  [
    "reports that a document is gone while it is followed",
    async ({ source, content }) => {
      const [first] = upserts(await readAll(source));
      assert.ok(first);
      const { documentId, scope } = first;
      await followUntil(source, (said) => isGone(said, documentId, scope), {
        meanwhile: () => changeable(content).remove(documentId),
      });
    },
  ],
];

/** Promises of sources with checkpoints. */
export const resumePromises: readonly SourcePromise[] = [
  [
    "resumes from the checkpoints of its scopes and reports what changed since, and what is gone",
    async ({ source, content }) => {
      const [changed, removed] = upserts(await readAll(source));
      assert.ok(changed && removed);
      const resume = await checkpointsOf(source);
      await changeable(content).put(changed.documentId);
      await changeable(content).remove(removed.documentId);
      const isSaid = (said: readonly SourceChange[]): boolean =>
        latest(said, changed.documentId) !== undefined && isGone(said, removed.documentId, removed.scope);
      const said = await followUntil(source, isSaid, { resume });
      assert.notEqual(latest(said, changed.documentId)?.version, changed.version);
    },
  ],
  [
    "lists a scope for which it gets no checkpoint, or an unknown one",
    async ({ source }) => {
      const scopes = [...(await checkpointsOf(source)).keys()];
      for (const resume of [new Map(), new Map(scopes.map((scope) => [scope, "\0 no checkpoint"]))])
        await followUntil(source, (said) => scopes.every((scope) => isListed(said, scope)), { resume });
    },
  ],
];

/** Promises of sources without checkpoints. */
export const noResumePromises: readonly SourcePromise[] = [
  [
    "sends no checkpoint, and shows everything regardless of the checkpoints that it gets",
    async ({ source, documentIds }) => {
      const before = await readAll(source);
      const scopes = new Set(upserts(before).map(({ scope }) => scope));
      const resume = new Map(Array.from(scopes, (scope) => [scope, "x"] as const));
      const said = await readAll(source, { ...once, resume });
      const shown = upserts(said).map(({ documentId }) => documentId);
      assert.deepEqual(shown.toSorted(), documentIds.toSorted());
      assert.ok([...before, ...said].every(({ type }) => type !== "checkpoint"));
    },
  ],
];

/** Promises of sources that list a scope again at a test's request. */
export const relistPromises: readonly SourcePromise[] = [
  [
    "shows every document again when it lists a scope again",
    async ({ source, relist }) => {
      const all = upserts(await readAll(source));
      assert.ok(relist);
      const said = await followUntil(source, (heard) => completed(heard) !== undefined, {
        meanwhile: relist,
      });
      const scope = completed(said);
      const start = said.findIndex(
        (change) => change.type === "listing" && change.scope === scope && change.state === "started",
      );
      assert.ok(start >= 0);
      const shown = new Set(upserts(said.slice(start)).map(({ documentId }) => documentId));
      for (const change of all) if (change.scope === scope) assert.ok(shown.has(change.documentId));
    },
  ],
];

/** Promises of sources that degrade at a test's request. */
export const degradePromises: readonly SourcePromise[] = [
  [
    "reports that a scope is degraded and why, and when it is current again",
    async ({ source, degrade }) => {
      assert.ok(degrade);
      let recovery: Promise<void> | undefined;
      let recover = (): Promise<void> => Promise.resolve();
      const isRecovered = (said: readonly SourceChange[]): boolean => {
        const why = said.find(({ type }) => type === "degraded");
        if (why?.type !== "degraded") return false;
        assert.ok(why.error.message);
        recovery ??= recover();
        return said
          .slice(said.indexOf(why))
          .some((change) => change.type === "current" && change.scope === why.scope);
      };
      await followUntil(source, isRecovered, {
        meanwhile: async () => {
          ({ recover } = await degrade());
        },
      });
      await recovery;
    },
  ],
];

function changeable(content: DocumentSourceSubject["content"]): ChangeableContent {
  assert.ok(content, "a source that says what changes needs a subject with `content`");
  return content;
}

function latest(said: readonly SourceChange[], documentId: string): UpsertChange | undefined {
  return upserts(said).findLast((change) => change.documentId === documentId);
}

function completed(said: readonly SourceChange[]): string | undefined {
  for (const change of said)
    if (change.type === "listing" && change.state === "complete") return change.scope;
  return undefined;
}

/** Follows the source until every scope has a checkpoint, and returns the last checkpoint of each. */
async function checkpointsOf(source: DocumentSourceSubject["source"]): Promise<ReadonlyMap<string, string>> {
  const found = (said: readonly SourceChange[]): Map<string, string> =>
    new Map(said.flatMap((change) => (change.type === "checkpoint" ? [[change.scope, change.resume]] : [])));
  const said = await followUntil(source, (heard) => {
    const named = heard.flatMap((change) => (change.type === "scopes" ? change.scopes : []));
    return isWhole(heard) && named.every((scope) => found(heard).has(scope));
  });
  return found(said);
}
