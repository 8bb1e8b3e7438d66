import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { exactly, shown, unmeasured, type Experiment, type Figure } from "../experiment.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Licences that an app may use without further duties than to name them. */
const free =
  /^(MIT|MIT-0|ISC|0BSD|Apache-2\.0|BSD|BSD-[23]-Clause|PSF-2\.0|BlueOak-1\.0\.0|Python-2\.0|CC0-1\.0|Unlicense|CC-BY-[34]\.0|WTFPL|MPL-2\.0|Zlib)$/;

/** Returns true if all licences joined by AND are free. One free alternative of an OR is enough. */
export function isPermitted(license: string): boolean {
  const bare = license.replace(/^\(([^()]*)\)$/, "$1");
  if (/[()]/.test(bare)) return false; // a nested expression needs a person who reads it
  return bare.split(" OR ").some((choice) => choice.split(" AND ").every((part) => free.test(part)));
}

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().default(false),
      devOptional: z.boolean().default(false),
      link: z.boolean().default(false),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      hasInstallScript: z.boolean().default(false),
    }),
  ),
});
const audit = z.object({
  metadata: z.object({
    vulnerabilities: z.object({ high: z.number(), critical: z.number(), total: z.number() }),
  }),
});

/** SB-S1: what the packages and the example bring with them. */
export const supplyChain: Experiment = {
  title: "known vulnerabilities, install scripts, licences and pins of the dependencies",
  missing: () => Promise.resolve(undefined),
  run: async () => {
    const { packages } = lockfile.parse(JSON.parse(await readFile(`${root}package-lock.json`, "utf8")));
    const foreign = Object.entries(packages).filter(
      ([path, { link }]) => path.includes("node_modules/") && !link,
    );
    const shipped = foreign.filter(([, { dev, devOptional }]) => !dev && !devOptional);
    const unpinned = foreign.filter(([, { integrity }]) => integrity === undefined);
    const scripts = shipped.filter(([, { hasInstallScript }]) => hasInstallScript);
    const unknown = shipped.filter(([, { license = "none" }]) => !isPermitted(license));
    for (const [path, { license }] of unknown) console.error(`reliability: S1 ${path}: licence ${license}`);
    for (const [path] of scripts) console.error(`reliability: S1 ${path} has an install script`);
    return [
      shown("dependencies that are not for development", shipped.length, "packages"),
      ...(await auditFigures()),
      shown("of these with an install script", scripts.length, "packages"),
      exactly("of these with another licence than the permitted", unknown.length, 0, "packages"),
      exactly("dependencies without a hash in the lockfile", unpinned.length, 0, "packages"),
      exactly("own packages with an install script", await ownInstallScripts(), 0, "packages"),
    ];
  },
};

async function auditFigures(): Promise<readonly Figure[]> {
  const target = "0";
  const figure = "high or critical vulnerabilities";
  try {
    const { stdout } = await run("npm", ["audit", "--omit=dev", "--json"], {
      cwd: root,
      maxBuffer: 2 ** 26,
    }).catch(
      (error: unknown) => z.object({ stdout: z.string() }).parse(error), // exits with 1 if there are some
    );
    const { vulnerabilities } = audit.parse(JSON.parse(stdout)).metadata;
    return [
      exactly(figure, vulnerabilities.high + vulnerabilities.critical, 0),
      shown("vulnerabilities of any severity", vulnerabilities.total, ""),
    ];
  } catch {
    return [unmeasured(figure, target, "a registry that answers `npm audit`")];
  }
}

const manifest = z.object({ scripts: z.record(z.string(), z.string()).default({}) });

/** Counts our packages that would run something on an installing machine. */
async function ownInstallScripts(): Promise<number> {
  let found = 0;
  for (const name of ["core", "inference", "retriever", "k8s-sync"]) {
    const { scripts } = manifest.parse(
      JSON.parse(await readFile(`${root}packages/${name}/package.json`, "utf8")),
    );
    if (["preinstall", "install", "postinstall"].some((script) => script in scripts)) found += 1;
  }
  return found;
}
