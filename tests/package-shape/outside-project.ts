import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { readPackages, repository } from "./workspace.ts";

const run = promisify(execFile);
const packReport = z.array(z.object({ name: z.string(), filename: z.string() }));

/** Builds changed packages and packs all as they would be published. Returns the tarballs by package name. */
export async function packAll(folder: string): Promise<ReadonlyMap<string, string>> {
  await runSaying("npm", ["run", "--silent", "build"], repository);
  const workspaces = readPackages().map((one) => `--workspace=${one.folder}`);
  const pack = ["pack", ...workspaces, "--json", "--pack-destination", folder];
  const { stdout } = await runSaying("npm", pack, repository);
  const packed = packReport.parse(JSON.parse(stdout));
  return new Map(packed.map(({ name, filename }) => [name, join(folder, filename)]));
}

/** Runs one of the repository's command-line tools and returns its output. */
export async function runTool(script: string, ...values: readonly string[]): Promise<string> {
  return (
    await runSaying(process.execPath, [join(repository, "node_modules", script), ...values], repository)
  ).stdout;
}

/** A project outside the repository with the packed packages installed, without a network. */
export interface OutsideProject {
  readonly folder: string;
  /** Runs a program in the project. Resolves with its output, and rejects if it fails. */
  run(program: string, ...values: readonly string[]): Promise<string>;
  write(file: string, content: string): Promise<void>;
}

/**
 * Unpacks the tarballs and links their dependencies to this repository's copies. Optional peers are linked
 * only on request.
 */
export async function createOutsideProject(
  tarballs: ReadonlyMap<string, string>,
  options: { readonly withPeers: boolean },
): Promise<OutsideProject> {
  const folder = await temporaryFolder();
  const modules = join(folder, "node_modules");
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", private: true }));
  const libraries = new Set(["@types/node"]);
  for (const { name, dependencies, optionalPeers } of readPackages()) {
    const target = join(modules, name);
    await mkdir(target, { recursive: true });
    await run("tar", ["-xzf", tarballs.get(name) ?? "", "-C", target, "--strip-components=1"]);
    for (const library of [...dependencies, ...(options.withPeers ? optionalPeers : [])])
      libraries.add(library);
  }
  for (const library of libraries) {
    if (tarballs.has(library)) continue;
    await mkdir(dirname(join(modules, library)), { recursive: true });
    await symlink(join(repository, "node_modules", library), join(modules, library));
  }
  return {
    folder,
    write: (file, content) => writeFile(join(folder, file), content),
    run: async (program, ...values) => (await runSaying(program, values, folder)).stdout,
  };
}

/** Creates a new temporary folder. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "binnacle-shape-"));
}

/** Removes a folder. */
export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

async function runSaying(
  program: string,
  values: readonly string[],
  cwd: string,
): Promise<{ readonly stdout: string }> {
  try {
    return await run(program, [...values], { cwd, maxBuffer: 64 * 2 ** 20, env: outsideEnvironment() });
  } catch (cause) {
    const { stdout = "", stderr = "" } = z
      .object({ stdout: z.string().optional(), stderr: z.string().optional() })
      .parse(cause);
    throw new Error(`${program} ${values.join(" ")} failed\n${stdout}\n${stderr}`, { cause });
  }
}

// The outside must not see vitest's settings for this process, above all the source condition.
function outsideEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_PATH: _path, VITEST: _vitest, ...environment } = process.env;
  return { ...environment, TURBO_TELEMETRY_DISABLED: "1" };
}
