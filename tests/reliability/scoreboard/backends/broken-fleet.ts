import { setTimeout as sleep } from "node:timers/promises";
import { startFakeReplica, type FakeReplica } from "../../../servers/fake-replica/start-fake-replica.ts";
import { between, countOf, percentile, startOpenLoop } from "../open-loop.ts";
import type { Balanced } from "./balanced.ts";

/** The three replicas of an experiment. */
export interface Fleet {
  readonly replicas: readonly [FakeReplica, FakeReplica, FakeReplica];
  close(): void;
}

/** Starts three replicas with drawn service times. */
export async function startFleet(seed: number): Promise<Fleet> {
  const replicas = [
    await startFakeReplica(seed),
    await startFakeReplica(seed + 1),
    await startFakeReplica(seed + 2),
  ] as const;
  return { replicas, close: () => replicas.forEach((replica) => replica.close()) };
}

/** The effect of a fault on a load. */
export interface FaultFigures {
  readonly requests: number;
  readonly failed: number;
  readonly wrong: number;
  /** 99th percentile before the fault, in milliseconds. */
  readonly baselineMs: number;
  /** 99th percentile during the fault. */
  readonly p99Ms: number;
  /** Milliseconds from the fault to the first ejection. NaN if there was none. */
  readonly ejectedMs: number;
  /** Milliseconds from the end of the fault to the return of the replica. NaN if there was none. */
  readonly restoredMs: number;
  /** Milliseconds from the end of the fault to the last failed request after it. */
  readonly recoveredMs: number;
  /** Requests at the replicas during the fault, divided by the calls. */
  readonly amplification: number;
  /** Share of the calls during the fault that got a second attempt. */
  readonly hedged: number;
}

/** A fault and its times. */
export interface Fault {
  readonly perSecond: number;
  readonly warmUpMs: number;
  readonly faultMs: number;
  readonly afterMs: number;
  begin(fleet: Fleet): Promise<void> | void;
  end(fleet: Fleet): Promise<void> | void;
}

/** Runs a load through a fault and measures it. */
export async function measureFault(fleet: Fleet, side: Balanced, fault: Fault): Promise<FaultFigures> {
  await requestsAt(fleet); // the first fetch of a process loads it, which would hold up the load
  const load = startOpenLoop(fault.perSecond, (number) => side.ask(number));
  await sleep(fault.warmUpMs);
  const before = { requests: await requestsAt(fleet), hedges: side.hedges() };
  const beganAt = load.now();
  const clockAt = performance.now() - beganAt;
  await fault.begin(fleet);
  await sleep(fault.faultMs);
  const endedAt = load.now();
  const reached = (await requestsAt(fleet)) - before.requests;
  const hedges = side.hedges() - before.hedges;
  await fault.end(fleet);
  await sleep(fault.afterMs);
  const samples = await load.stop();
  const during = between(samples, beganAt, endedAt);
  const failedAfter = between(samples, endedAt, Infinity).filter(({ outcome }) => outcome !== "right");
  const firstAfter = (times: readonly number[], at: number): number =>
    Math.round((times.find((time) => time - clockAt >= at) ?? Number.NaN) - clockAt - at);
  return {
    requests: samples.length,
    failed: countOf(samples, "failed"),
    wrong: countOf(samples, "wrong"),
    baselineMs: percentile(between(samples, fault.warmUpMs / 3, beganAt), 0.99),
    p99Ms: percentile(during, 0.99),
    ejectedMs: firstAfter(side.ejectedAt, beganAt),
    restoredMs: firstAfter(side.restoredAt, endedAt),
    recoveredMs: Math.round(Math.max(0, ...failedAfter.map(({ atMs }) => atMs - endedAt))),
    amplification: reached / during.length,
    hedged: hedges / during.length,
  };
}

async function requestsAt({ replicas }: Fleet): Promise<number> {
  const counts = await Promise.all(
    replicas.map((replica) => replica.counts().catch(() => ({ requests: 0 }))),
  );
  return counts.reduce((sum, { requests }) => sum + requests, 0);
}

/** One of three replicas is killed, and later starts again. */
export function killedReplica(faultMs: number): Fault {
  return {
    perSecond: 100,
    warmUpMs: 4_000,
    faultMs,
    afterMs: 5_000,
    begin: ({ replicas }) => replicas[0].kill(),
    end: ({ replicas }) => replicas[0].restart(),
  };
}

/** One of three replicas becomes 20 times slower. */
export function slowedReplica(faultMs: number): Fault {
  return {
    perSecond: 100,
    warmUpMs: 4_000,
    faultMs,
    afterMs: 1_000,
    begin: ({ replicas }) => replicas[0].control({ factor: 20 }),
    end: ({ replicas }) => replicas[0].control({ factor: 1 }),
  };
}

/** All replicas answer 503. */
export function refusingReplicas(faultMs: number): Fault {
  const all = async ({ replicas }: Fleet, status: number): Promise<void> => {
    await Promise.all(replicas.map((replica) => replica.control({ status })));
  };
  return {
    perSecond: 100,
    warmUpMs: 4_000,
    faultMs,
    afterMs: 5_000,
    begin: (fleet) => all(fleet, 503),
    end: (fleet) => all(fleet, 200),
  };
}
