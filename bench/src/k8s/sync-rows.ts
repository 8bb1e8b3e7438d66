import { join } from "node:path";
import { measureAlternating, timed, type Measured } from "../measure.ts";
import type { Row } from "../report.ts";
import { FollowedCluster } from "./followed-cluster.ts";
import type { RawLists } from "./raw-list.ts";
import { base, round, zero } from "./row-base.ts";

// The brief asks for a snapshot of this size within five seconds.
const wantedMs = 5_000;

interface SyncFacts {
  readonly documents: number;
  readonly embedded: number;
}

/** Indexes the whole cluster beside the raw lists, and again without changes. */
export async function syncRows(kubeconfig: string, raw: RawLists, folder: string): Promise<readonly Row[]> {
  let files = 0;
  const [first, floor] = await measureAlternating<SyncFacts>([
    {
      name: "sync",
      run: () => syncOnce(kubeconfig, join(folder, `sync-${files++}.sqlite`)),
      runs: 2,
      warmups: 0,
    },
    {
      name: "raw",
      run: async () => ({ documents: await raw.write(join(folder, `raw-${files++}.sqlite`)), embedded: 0 }),
      runs: 2,
      warmups: 1,
    },
  ]);
  if (first === undefined || floor === undefined) throw new Error("a side was not measured");
  const ratio = first.medianMs / floor.medianMs;
  return [
    msRow("first sync to searchable points", first, wantedMs, {
      objects: floor.result.documents,
      ...first.result,
    }),
    msRow("raw list, parse and write", floor),
    {
      ...base,
      row: "first sync beside the raw lists",
      value: round(ratio),
      unit: "×",
      target: "≤ 3",
      ok: ratio <= 3,
    },
    {
      ...base,
      row: "processor time of the first sync beside the raw lists",
      value: round(first.minCpuMs / floor.minCpuMs),
      unit: "×",
    },
    ...(await restartRows(kubeconfig, raw, join(folder, "restart.sqlite"))),
  ];
}

async function syncOnce(kubeconfig: string, path: string): Promise<SyncFacts> {
  const followed = new FollowedCluster(kubeconfig, path);
  try {
    return { documents: await followed.sync(), embedded: followed.embedded };
  } finally {
    await followed.close();
  }
}

async function restartRows(kubeconfig: string, raw: RawLists, path: string): Promise<readonly Row[]> {
  const followed = new FollowedCluster(kubeconfig, path);
  try {
    await followed.sync();
    const before = followed.embedded;
    const [restart, lists] = await measureAlternating<unknown>([
      { name: "restart", run: () => followed.sync(), runs: 2, warmups: 0 },
      { name: "lists", run: () => raw.list(), runs: 2, warmups: 1 },
    ]);
    await followed.follow(); // writes the checkpoints
    await followed.unfollow();
    const { timing } = await timed(() => followed.follow());
    if (restart === undefined || lists === undefined) throw new Error("a side was not measured");
    const ratio = restart.medianMs / lists.medianMs;
    return [
      msRow("restart on an unchanged cluster", restart),
      msRow("its lists and their JSON", lists),
      {
        ...base,
        row: "restart beside its lists",
        value: round(ratio),
        unit: "×",
        target: "≤ 2",
        ok: ratio <= 2,
      },
      {
        ...base,
        row: "processor time of a restart beside its lists",
        value: round(restart.minCpuMs / lists.minCpuMs),
        unit: "×",
      },
      {
        ...base,
        row: "restart with checkpoints, until it follows",
        value: Math.round(timing.wallMs),
        unit: "ms",
      },
      zero("embeddings of the restarts", followed.embedded - before),
    ];
  } finally {
    await followed.close();
  }
}

function msRow(row: string, side: Measured<unknown>, most?: number, detail: object = {}): Row {
  return {
    ...base,
    row,
    value: Math.round(side.medianMs),
    unit: "ms",
    ...(most === undefined ? {} : { target: `≤ ${most}`, ok: side.medianMs <= most }),
    minMs: Math.round(side.minMs),
    maxMs: Math.round(side.maxMs),
    cpuMs: Math.round(side.cpuMs),
    ...detail,
  };
}
