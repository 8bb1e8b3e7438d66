import { setTimeout as sleep } from "node:timers/promises";
import { startFakeReplica, type FakeReplica } from "../../../servers/fake-replica/start-fake-replica.ts";
import { qdrantMissing, startQdrant, type QdrantServer } from "../../../servers/qdrant.ts";
import { redisMissing, startRedis, type RedisServer } from "../../../servers/redis.ts";
import { temporaryFolder } from "../../../../examples/rag-server/src/testing/temporary-folder.ts";
import { atMost, exactly, shown, type Experiment, type Figure, type Setting } from "../experiment.ts";
import { faults, type Breakable, type Fault } from "./stand/faults.ts";
import {
  loadKinds,
  startMixedLoad,
  type LedgerEntry,
  type LoadKind,
  type MixedLoad,
} from "./stand/mixed-load.ts";
import { modelEnvironment } from "./stand/model-environment.ts";
import { serverFaults } from "./stand/server-faults.ts";
import { startPlatform, type Platform } from "./stand/start-platform.ts";
import { unfinishedJobs, unreadablePoints } from "./stand/kept-promises.ts";

const perSecond = 20;
const calmMs = 2_000;
/** Longest time after the end of a fault until all kinds of request succeed again. */
const recoveryMs = 5_000;
/** Longest reply of a request that does not need the broken server. */
const independentMs = 1_000;

interface Dependencies {
  readonly redis: RedisServer;
  readonly qdrant: QdrantServer;
  readonly model: FakeReplica;
}

interface Broken {
  readonly title: string;
  /** The server to break. */
  readonly of: (dependencies: Dependencies) => Breakable;
  /** Kinds of request that need the server. All others must succeed during the fault. */
  readonly needing: readonly LoadKind[];
}

/** SB-P1: the cache, the limits and the queue are on Redis. */
export const platformRedis: Experiment = experimentOf({
  title: "Redis killed, hung and slow under the platform's load",
  of: ({ redis }) => redis,
  needing: ["job"],
});

/** SB-P2: the points are in Qdrant. */
export const platformQdrant: Experiment = experimentOf({
  title: "Qdrant killed, hung and slow under the platform's load",
  of: ({ qdrant }) => qdrant,
  needing: ["chat", "stream", "search", "insert", "read", "job"], // a job names a collection that must exist
});

/** SB-P3: one model server embeds and writes. */
export const platformModel: Experiment = experimentOf({
  title: "the model server killed, hung and slow under the platform's load",
  of: ({ model }) => model,
  needing: ["chat", "stream", "search", "insert", "embed"],
});

function experimentOf(broken: Broken): Experiment {
  return {
    title: broken.title,
    missing: async () => (await redisMissing("own")) ?? qdrantMissing("own"),
    run: (setting) =>
      withPlatform(setting, async (platform, dependencies) => {
        const server = broken.of(dependencies);
        const load = await startMixedLoad(platform, { perSecond, seed: setting.seed });
        const figures: Figure[] = [];
        await sleep(calmMs);
        figures.push(...calmFigures(load.ledger));
        const outages: Outage[] = [];
        for (const fault of faults) outages.push(await breakOnce(fault, server, load, setting.outageMs));
        await load.stop(); // a request that hangs is in the ledger only when it has ended
        figures.push(...outages.flatMap((outage) => outageFigures(outage, load.ledger, broken)));
        return [
          ...figures,
          shown("requests", load.ledger.length, ""),
          exactly("replies that the OpenAPI document does not know", undocumented(load.ledger), 0),
          exactly("acknowledged points that are lost", await unreadablePoints(platform, load.points), 0),
          exactly("accepted jobs that are lost", await unfinishedJobs(platform, load.jobs), 0),
          ...serverFaults(platform.server),
        ];
      }),
  };
}

async function withPlatform<T>(
  { seed }: Setting,
  body: (platform: Platform, dependencies: Dependencies) => Promise<T>,
): Promise<T> {
  const folder = await temporaryFolder();
  const redis = await startRedis({ own: true, args: ["--appendonly", "yes", "--appendfsync", "always"] });
  const qdrant = await startQdrant({ journal: `${folder.path}/journal` });
  const model = await startFakeReplica(seed, 32);
  const environment = {
    REDIS_URL: redis.url,
    QUEUE_REDIS_URL: redis.url,
    QDRANT_URL: qdrant.url,
    ...modelEnvironment(model.url),
  };
  try {
    const platform = await startPlatform({ environment });
    try {
      await platform.startWorker();
      return await body(platform, { redis, qdrant, model });
    } finally {
      await platform.close();
    }
  } finally {
    model.close();
    await qdrant.close();
    await redis.close();
    await folder.dispose();
  }
}

/** The period in which a fault broke the server. The times are milliseconds since the load began. */
interface Outage {
  readonly name: Fault["name"];
  readonly outageMs: number;
  readonly from: number;
  readonly mended: number;
  /** Milliseconds from the mending until every kind of request succeeded. */
  readonly recovered: number;
}

async function breakOnce(
  { name, during }: Fault,
  server: Breakable,
  load: MixedLoad,
  outageMs: number,
): Promise<Outage> {
  const from = load.now();
  await during(server, outageMs);
  const mended = load.now();
  return { name, outageMs, from, mended, recovered: await timeUntilAllSucceed(load) };
}

/** Needs the ledger of a load that has stopped. Otherwise the requests that still hang are missing. */
function outageFigures(
  { name, outageMs, from, mended, recovered }: Outage,
  ledger: readonly LedgerEntry[],
  broken: Broken,
): readonly Figure[] {
  const sent = ledger.filter(({ atMs }) => atMs >= from && atMs < mended);
  const independent = sent.filter(({ kind }) => !broken.needing.includes(kind));
  const dependent = sent.filter(({ kind }) => broken.needing.includes(kind));
  return [
    exactly(`${name}: failed requests that do not need it`, failures(independent), 0),
    shown(`${name}: failed requests that need it`, failures(dependent), `of ${dependent.length}`),
    ...longestOf(`${name}: longest reply of a request that does not need it`, independent, independentMs),
    atMost(`${name}: longest reply`, Math.max(...sent.map(({ ms }) => ms)), outageMs + recoveryMs, "ms"),
    atMost(`${name}: until every kind of request succeeds again`, recovered, recoveryMs, "ms"),
  ];
}

function longestOf(figure: string, ledger: readonly LedgerEntry[], most: number): readonly Figure[] {
  return ledger.length === 0 ? [] : [atMost(figure, Math.max(...ledger.map(({ ms }) => ms)), most, "ms")];
}

/** Resolves to the milliseconds until each kind of request has succeeded that was sent from now on. */
async function timeUntilAllSucceed({ ledger, now }: MixedLoad): Promise<number> {
  const from = now();
  const isBack = (kind: LoadKind): boolean =>
    ledger.some((entry) => entry.kind === kind && entry.atMs >= from && entry.code === "ok");
  while (!loadKinds.every(isBack) && now() - from < 10 * recoveryMs) await sleep(50);
  return now() - from;
}

function calmFigures(ledger: readonly LedgerEntry[]): readonly Figure[] {
  return [exactly("failed requests before the faults", failures(ledger), 0)];
}

function failures(ledger: readonly LedgerEntry[]): number {
  return ledger.filter(({ code }) => code !== "ok").length;
}

function undocumented(ledger: readonly LedgerEntry[]): number {
  return ledger.filter(({ isDocumented }) => !isDocumented).length;
}
