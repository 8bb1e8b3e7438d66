import { measureProcessesInTurn } from "../processes-in-turn.ts";
import type { Row } from "../report.ts";
import { base, round } from "./row-base.ts";

interface ListFacts {
  readonly heapPerObject: number;
}

/** Lists the pods as this package and as client-node's informer, each in its own process and in turn. */
export async function listRows(kubeconfig: string, objects: number): Promise<readonly Row[]> {
  const sides = ["binnacle", "informer", "chunks"].map((name) => ({ name, args: [name, kubeconfig] }));
  const child = new URL("list-child.ts", import.meta.url);
  const [ours, informer, chunks] = await measureProcessesInTurn<ListFacts>(child, sides, {
    runs: 4,
    warmups: 1,
  });
  if (ours === undefined || informer === undefined || chunks === undefined)
    throw new Error("a side was not measured");
  const spread = ({ minMs, maxMs, cpuMs, minCpuMs }: typeof ours) => ({
    objects,
    minMs: Math.round(minMs),
    maxMs: Math.round(maxMs),
    cpuMs: Math.round(cpuMs),
    minCpuMs: Math.round(minCpuMs),
  });
  const ratio = ours.medianMs / informer.medianMs;
  const heap = Math.round(ours.result.heapPerObject);
  const ms = (row: string, side: typeof ours, peer?: string): Row => ({
    ...base,
    row,
    value: Math.round(side.medianMs),
    unit: "ms",
    peer,
    ...spread(side),
  });
  return [
    ms("listed to hashes", ours),
    ms("listed to an informer's cache", informer, "client-node"),
    ms("listed to chunks", chunks),
    {
      ...base,
      row: "time beside the informer",
      value: round(ratio),
      unit: "×",
      target: "≤ 0.7",
      ok: ratio <= 0.7,
    },
    {
      ...base,
      row: "processor time beside the informer",
      value: round(ours.minCpuMs / informer.minCpuMs),
      unit: "×",
    },
    { ...base, row: "heap per object", value: heap, unit: "bytes", target: "≤ 1024", ok: heap <= 1024 },
    {
      ...base,
      row: "heap per object of an informer",
      value: Math.round(informer.result.heapPerObject),
      unit: "bytes",
      peer: "client-node",
    },
  ];
}
