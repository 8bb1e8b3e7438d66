import { once } from "node:events";
import { exitStatus } from "../exit-status.ts";
import { withRagSystem } from "../rag-system.ts";
import { startServer, type ListenOptions } from "../serve.ts";
import type { Terminal } from "../terminal.ts";
import { requireSearchable } from "../vector-space.ts";
import type { CommonOptions } from "./common-options.ts";

/** Options of `serve`. */
export interface ServeOptions extends CommonOptions, ListenOptions {
  /** Starts although nothing is indexed yet. */
  readonly allowEmpty?: boolean | undefined;
}

/** Serves the HTTP API and the chat page until the process is interrupted. */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<number> {
  return await withRagSystem({ ...options, readOnly: true, onWarning: terminal.note }, async (system) => {
    const isMissing = (await system.store.describeCollection(system.collection)) === undefined;
    if (isMissing && options.allowEmpty === true)
      terminal.note(`there is no collection "${system.collection}" yet`);
    else await requireSearchable(system, { signal: options.signal, onNote: terminal.note });
    const server = await startServer(system, options);
    terminal.print(`Listening on ${server.url} (API: ${server.url}/docs)`);
    terminal.result({ url: server.url });
    await interrupted(options.signal);
    await server.close();
    return exitStatus.ok;
  });
}

/** Resolves when the signal fires. */
export async function interrupted(signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined || signal.aborted) return;
  await once(signal, "abort");
}
