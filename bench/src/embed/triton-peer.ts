import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { z } from "zod";
import type { Timing } from "../measure.ts";

/** Version of NVIDIA's Python client, from PyPI. */
export const peerVersion = "2.73.0";

/** NVIDIA's Python client in a process of its own. */
export interface TritonPeer {
  /** Makes some calls and returns their times, and the sum of the last answer's numbers. */
  run(calls: number): Promise<{ readonly timings: readonly Timing[]; readonly sum: number }>;
  close(): void;
}

const schema = z.object({ wallMs: z.array(z.number()), cpuMs: z.array(z.number()), sum: z.number() });

/** Installs the client into a folder of its own, if it is not there, and starts it. */
export async function startTritonPeer(cache: string, host: string, rows: number): Promise<TritonPeer> {
  const packages = join(cache, "tritonclient");
  if (!existsSync(join(packages, "tritonclient"))) {
    const quiet = ["--quiet", "--disable-pip-version-check", "--root-user-action=ignore"];
    const install = [
      "-m",
      "pip",
      "install",
      ...quiet,
      "--target",
      packages,
      `tritonclient[grpc]==${peerVersion}`,
    ];
    await promisify(execFile)("python3", install);
  }
  const script = join(import.meta.dirname, "triton_client.py");
  const child = spawn("python3", [script, host, String(rows)], {
    env: { ...process.env, PYTHONPATH: packages },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async run(calls) {
      child.stdin.write(`${calls}\n`);
      const { value } = await lines.next();
      const { wallMs, cpuMs, sum } = schema.parse(JSON.parse(String(value)));
      return { sum, timings: wallMs.map((wall, index) => ({ wallMs: wall, cpuMs: cpuMs[index] ?? 0 })) };
    },
    close: () => void child.kill(),
  };
}
