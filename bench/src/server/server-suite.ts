import { mkdirSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { fill, filledBatches, randomNumbers } from "../../../tests/reliability/filled-store.ts";
import {
  startPlatform,
  type Platform,
} from "../../../tests/reliability/scoreboard/platform/stand/start-platform.ts";
import { startProgram } from "../../../tests/reliability/scoreboard/platform/stand/start-program.ts";
import { modelEnvironment } from "../../../tests/reliability/scoreboard/platform/stand/model-environment.ts";
import { printFigures, type Row } from "../report.ts";
import { versionsOf } from "../versions.ts";
import { measureBeside } from "./measure-beside.ts";
import { measureOverhead } from "./measure-overhead.ts";
import { measureSearch } from "./measure-search.ts";
import type { ServerBase } from "./server-base.ts";
import { startTimedModel } from "./timed-model.ts";

const seed = 7;
const points = 5_000;
const bareServer = fileURLToPath(new URL("./bare-server.ts", import.meta.url));

/**
 * Measures the example's server in a process of its own, with keys, over a fake model server of known time.
 * `--part=overhead`, `beside` or `search` measures one part. `--cpu-prof=DIR` writes a processor profile of the
 * server.
 */
export async function serverSuite(options: readonly string[]): Promise<boolean> {
  const part = optionOf(options, "--part");
  const model = await startTimedModel(5, 50);
  const environment = { ...modelEnvironment(model.url), BINNACLE_CACHE_ANSWERS: "yes" };
  const platform = await startPlatform({
    environment,
    nodeArgs: profileArgs(options),
    prepare: async ({ store }) => {
      if (part === undefined || part === "search")
        await fill(store, filledBatches(points, randomNumbers(seed)));
    },
  });
  const bare = await startProgram([platform.data], environment, { program: bareServer });
  const base: ServerBase = {
    suite: "server",
    seed,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    versions: versionsOf(["@binnacle/core", "@binnacle/retriever", "fastify"]),
  };
  try {
    const parts: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
      overhead: () => measureOverhead(platform, model, base),
      beside: () => measureBeside(platform, { program: bare, url: urlOf(bare.greeting) }, model, base),
      search: () => measureSearch(platform, base, points),
    };
    const rows: Row[] = [];
    for (const [name, measure] of Object.entries(parts)) {
      if (part !== undefined && part !== name) continue;
      console.error(`bench server: ${name}`);
      rows.push(...(await measure()));
    }
    await endGently(platform);
    return printFigures(`The example's server, with keys, on SQLite; load ${base.load}`, rows);
  } finally {
    await bare.close();
    await platform.close();
    await model.close();
  }
}

function optionOf(options: readonly string[], name: string): string | undefined {
  return options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
}

function profileArgs(options: readonly string[]): readonly string[] {
  const given = optionOf(options, "--cpu-prof");
  if (given === undefined) return [];
  mkdirSync(given, { recursive: true });
  return ["--cpu-prof", `--cpu-prof-dir=${given}`];
}

function urlOf(greeting: string): string {
  return /http:\/\/[\d.:]+/.exec(greeting)?.[0] ?? "";
}

/** A profile is written only by a process that ends by itself. */
async function endGently({ server }: Platform): Promise<void> {
  server.signal("SIGTERM");
  await server.exit();
}
