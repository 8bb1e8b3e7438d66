import { setTimeout as sleep } from "node:timers/promises";
import { startFakeReplica, type FakeReplica } from "../../../servers/fake-replica/start-fake-replica.ts";
import { atMost, exactly, shown, type Experiment } from "../experiment.ts";
import { modelEnvironment } from "./stand/model-environment.ts";
import { serverFaults } from "./stand/server-faults.ts";
import { startPlatform, type Platform } from "./stand/start-platform.ts";

const clients = 200;
/** Far more than a client reads before it leaves. */
const long = { pieces: 2_000, pieceMs: 200 };
const patienceMs = 15_000;

/** SB-P4: many clients read the first words of an answer and leave. */
export const leavingClients: Experiment = {
  title: `${clients} clients leave in mid-stream`,
  missing: () => Promise.resolve(undefined),
  run: async ({ seed, share }) => {
    const count = Math.max(20, Math.round(clients * Math.min(1, share * 10)));
    const model = await startFakeReplica(seed, 2 * clients);
    const platform = await startPlatform({ environment: modelEnvironment(model.url) });
    try {
      await model.control(long);
      await leaveOnce(platform, model, count); // opens what stays open, and compiles
      const before = await platform.server.probe();
      const { readers, freedMs } = await leaveOnce(platform, model, count);
      const left = await timeUntil(async () => {
        const { resources } = await platform.server.probe();
        return resources.length <= before.resources.length;
      });
      const after = await platform.server.probe();
      await model.control({ pieces: 2, pieceMs: 0 });
      const last = await platform.send("POST", "/chat", { body: { message: "When are backups taken?" } });
      const grown = Math.max(0, after.heapBytes - before.heapBytes);
      return [
        exactly("clients that read and left", readers, count),
        atMost("until the model server's slots are free", freedMs, 2_000, "ms"),
        atMost("until the server holds no more sockets and timers than before", left, patienceMs, "ms"),
        atMost("memory that stays per client", grown / count / 1024, 10, "KiB"),
        exactly("status of the next question", last.status, 200),
        shown("sockets and timers at rest", before.resources.length, ""),
        ...serverFaults(platform.server),
      ];
    } finally {
      await platform.close();
      model.close();
    }
  },
};

interface Left {
  /** Clients that got text before they left. */
  readonly readers: number;
  readonly freedMs: number;
}

async function leaveOnce(platform: Platform, model: FakeReplica, count: number): Promise<Left> {
  const streams = await Promise.all(Array.from({ length: count }, () => firstText(platform)));
  for (const { leave } of streams) leave();
  const freedMs = await timeUntil(async () => (await model.counts()).running === 0);
  return { readers: streams.filter(({ hasRead }) => hasRead).length, freedMs };
}

/** Asks a question and reads until the first words have come. */
async function firstText({ send }: Platform): Promise<{ readonly hasRead: boolean; leave(): void }> {
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  const response = await send("POST", "/chat", {
    body: { message: "When are backups taken?" },
    headers: { accept: "text/event-stream" },
    signal: leaving.signal,
  });
  const reader = response.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  reader?.read().catch(() => undefined); // the abort ends it
  return { hasRead: new TextDecoder().decode(value).startsWith("event: text"), leave };
}

async function timeUntil(isTrue: () => Promise<boolean>): Promise<number> {
  const from = performance.now();
  while (performance.now() - from < 2 * patienceMs && !(await isTrue())) await sleep(50);
  return performance.now() - from;
}
