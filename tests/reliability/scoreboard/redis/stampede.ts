import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { redisMissing, startRedis } from "../../../servers/redis.ts";
import { exactly, shown, type Experiment } from "../experiment.ts";

const processes = 3;
/** Callers in each process that ask for the key at the same moment. */
const callers = 1_000;
const program = fileURLToPath(new URL("./stampeding-process.ts", import.meta.url));

/** SB-R6: all callers ask for the same missing key. */
export const redisStampede: Experiment = {
  title: `${callers} concurrent misses of one key in each of ${processes} processes`,
  missing: () => redisMissing("own"),
  run: async ({ seed }) => {
    const server = await startRedis({ own: true });
    try {
      const starting = Array.from({ length: processes }, () => start(server.url, `key ${seed}`));
      const started = await Promise.all(starting);
      const results = await Promise.all(started.map((child) => child.stampede()));
      const loads = results.map((result) => result.loads);
      const total = loads.reduce((sum, one) => sum + one, 0);
      return [
        exactly("processes that loaded more than once", loads.filter((one) => one > 1).length, 0),
        exactly("loads above one per process, in all", Math.max(0, total - processes), 0),
        exactly(
          "wrong or failed callers",
          results.reduce((sum, result) => sum + result.wrong, 0),
          0,
        ),
        shown("loads in all, without a lock", total, "loads"),
      ];
    } finally {
      await server.close();
    }
  },
};

interface Stampeding {
  /**
   * Starts the callers. Returns how often the process loaded, and how many callers got a wrong value or none.
   */
  stampede(): Promise<{ readonly loads: number; readonly wrong: number }>;
}

/** Starts a process and waits until it is connected. */
async function start(url: string, key: string): Promise<Stampeding> {
  const args = ["--conditions=@binnacle/source", program, url, key, String(callers)];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  await once(child.stdout, "data");
  return {
    stampede: async () => {
      output = "";
      child.stdin.end("go");
      await once(child, "close");
      const [loads = NaN, wrong = NaN] = output.split(" ").map(Number);
      return { loads, wrong };
    },
  };
}
