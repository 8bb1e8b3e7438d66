import { once } from "node:events";
import { exitStatus } from "../exit-status.ts";
import { readEnvironment } from "../environment.ts";
import { createBullQueue } from "../jobs/bull/create-bull-queue.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import { openConversations } from "../open-conversations.ts";
import { openGuard } from "../open-guard.ts";
import { withRagSystem, type RagSystem } from "../rag-system.ts";
import { startServer, type ListenOptions } from "../serve.ts";
import type { Terminal } from "../terminal.ts";
import { requireSearchable } from "../vector-space.ts";
import type { CommonOptions } from "./common-options.ts";

/** Options of `serve`. */
export interface ServeOptions
  extends
    CommonOptions,
    Omit<ListenOptions, "keys" | "rates" | "meter" | "conversations" | "audit" | "jobs"> {
  /** File of the keys that callers need. */
  readonly keys?: string | undefined;
  /** Starts although nothing is indexed yet. */
  readonly allowEmpty?: boolean | undefined;
}

/** Serves the HTTP API and the chat page until the process is interrupted. */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<number> {
  const { keys, allowEmpty: _, ...listen } = options;
  return await withRagSystem({ ...options, onWarning: terminal.note }, async (system) => {
    await checkIndex(system, options, terminal);
    const guard = await openGuard({ keys, data: system.data.path, onWarning: terminal.note });
    const jobs = openJobs(terminal.note);
    const conversations = openConversations(process.env, terminal.note);
    try {
      const server = await startServer(system, { ...listen, ...guard.parts, jobs, conversations });
      terminal.print(`Listening on ${server.url} (API: ${server.url}/docs)`);
      if (guard.parts.keys === undefined)
        terminal.note("No keys: everybody on this machine may read and change all data.");
      terminal.result({ url: server.url });
      await interrupted(options.signal);
      await server.close();
      return exitStatus.ok;
    } finally {
      await conversations.close();
      await jobs?.close();
      await guard.close();
    }
  });
}

/** Opens the queue that workers work off. Without one, the server does its jobs itself. */
function openJobs(note: (message: string) => void): JobQueue | undefined {
  const { queue } = readEnvironment(process.env);
  return (
    queue && createBullQueue({ ...queue, onError: ({ message }) => note(`QUEUE_REDIS_URL: ${message}`) })
  );
}

/** Refuses an index of other settings, or none unless that is allowed: only questions need an index. */
async function checkIndex(system: RagSystem, options: ServeOptions, { note }: Terminal): Promise<void> {
  const { store, collection } = system;
  const { signal } = options;
  const isMissing = (await store.describeCollection(collection, { signal })) === undefined;
  if (!isMissing || options.allowEmpty !== true) {
    await requireSearchable(system, { signal, onNote: note });
    return;
  }
  note(`There is no collection "${collection}" yet, so /chat has no answers before an ingest.`);
}

/** Resolves when the signal fires. */
export async function interrupted(signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined || signal.aborted) return;
  await once(signal, "abort");
}
