import { join, resolve } from "node:path";
import { tensorFloats, TritonClient, type InferRequest } from "@binnacle/inference/triton";
import { startTriton, tritonMissing } from "../../../tests/servers/triton.ts";
import { summarised, timed, type Measured, type Timing } from "../measure.ts";
import { printFigures, type Row } from "../report.ts";
import { versionsOf } from "../versions.ts";
import { peerVersion, startTritonPeer } from "./triton-peer.ts";

const rows = 256;
const rounds = 4;
const callsPerRound = 10;
const slowCallsPerRound = 2; // Triton takes more than a second to write 5 MB of JSON
const texts = Array.from({ length: rows }, (_, row) => `text number ${row}`);
const request: InferRequest = {
  model: "vectors",
  inputs: [{ name: "texts", datatype: "BYTES", shape: [rows, 1], data: texts }],
  outputs: ["vectors"],
};

type Call = () => Promise<Float32Array>;

/**
 * Measures 256 texts to 256 × 1024 numbers on a real Triton: gRPC and HTTP with raw tensors, beside NVIDIA's
 * Python client and HTTP with JSON. The model returns constant vectors at once.
 */
export async function measureTriton(): Promise<readonly Row[]> {
  const missing = await tritonMissing("own");
  if (missing !== undefined) throw new Error(`bench triton: ${missing}`);
  const models = join(import.meta.dirname, "triton-models");
  const server = await startTriton({ own: true, models });
  const grpc = new TritonClient({ url: server.url });
  const http = new TritonClient({ url: server.httpUrl });
  const cache = process.env["BINNACLE_TEST_CACHE"] ?? resolve(import.meta.dirname, "../../../.cache/servers");
  const peer = await startTritonPeer(cache, new URL(server.url).host, rows);
  try {
    const calls: Readonly<Record<string, Call>> = {
      "gRPC, raw": () => inferred(grpc),
      "HTTP, raw": () => inferred(http),
      "HTTP, JSON": () => inferredAsJson(server.httpUrl),
    };
    const times = new Map<string, Timing[]>([...Object.keys(calls), "peer"].map((name) => [name, []]));
    const sums = new Map<string, number>();
    for (let round = 0; round <= rounds; round++) {
      const counted = round > 0; // the first round warms up
      for (const [name, call] of Object.entries(calls)) {
        const count = name === "HTTP, JSON" ? slowCallsPerRound : callsPerRound;
        for (let index = 0; index < count; index++) {
          const { timing, result } = await timed(call);
          if (counted) times.get(name)?.push(timing);
          sums.set(
            name,
            result.reduce((sum, value) => sum + value, 0),
          );
        }
      }
      const { timings, sum } = await peer.run(callsPerRound);
      if (counted) times.get("peer")?.push(...timings);
      sums.set("peer", sum);
    }
    const measured = (name: string): Measured<number> =>
      summarised(name, times.get(name) ?? [], sums.get(name) ?? Number.NaN);
    return figures(measured("gRPC, raw"), measured("HTTP, raw"), measured("HTTP, JSON"), measured("peer"));
  } finally {
    peer.close();
    await Promise.all([grpc.close(), http.close(), server.close()]);
  }
}

/** Prints the figures as a suite of its own. */
export async function tritonSuite(): Promise<boolean> {
  const all = await measureTriton();
  return printFigures(
    `256 texts to 256 × 1024 numbers, Triton 2.51 on 127.0.0.1; Node ${process.versions.node}`,
    all,
  );
}

function figures(
  grpc: Measured<number>,
  http: Measured<number>,
  json: Measured<number>,
  python: Measured<number>,
): readonly Row[] {
  const versions = { ...versionsOf(["@binnacle/inference"]), triton: "2.51", tritonclient: peerVersion };
  const base = { suite: "triton", seed: 7, versions };
  const row = (measured: Measured<number>, more: Partial<Row> = {}): Row => ({
    ...base,
    row: measured.name,
    value: rounded(measured.medianMs),
    unit: "ms",
    cpuMs: rounded(measured.cpuMs),
    minMs: rounded(measured.minMs),
    maxMs: rounded(measured.maxMs),
    correct: Math.abs(measured.result - grpc.result) < 0.5,
    ...more,
  });
  const factor = (name: string, of: number, target: number): Row => ({
    ...base,
    row: name,
    value: rounded(of),
    unit: "×",
    target: `≥ ${target}`,
    ok: of >= target,
  });
  return [
    row(grpc),
    row(http),
    row(json, { peer: "fetch" }),
    row({ ...python, name: "gRPC, raw" }, { peer: `tritonclient ${peerVersion}` }),
    factor("gRPC as fast as tritonclient, elapsed", python.medianMs / grpc.medianMs, 1),
    factor("gRPC as fast as tritonclient, processor time", python.cpuMs / grpc.cpuMs, 1),
    factor("gRPC faster than HTTP JSON, elapsed", json.medianMs / grpc.medianMs, 8),
    factor("gRPC faster than HTTP JSON, processor time", json.cpuMs / grpc.cpuMs, 8),
  ];
}

async function inferred(client: TritonClient): Promise<Float32Array> {
  const [tensor] = (await client.infer(request)).outputs;
  return (tensor && tensorFloats(tensor)) ?? new Float32Array();
}

async function inferredAsJson(url: string): Promise<Float32Array> {
  const body = JSON.stringify({
    inputs: [{ name: "texts", datatype: "BYTES", shape: [rows, 1], data: texts }],
    outputs: [{ name: "vectors" }],
  });
  const answer = await fetch(`${url}/v2/models/vectors/infer`, { method: "POST", body });
  // No check, because it would slow JSON down.
  const { outputs }: { readonly outputs: readonly { readonly data: readonly number[] }[] } = JSON.parse(
    await answer.text(),
  );
  return Float32Array.from(outputs[0]?.data ?? []);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
