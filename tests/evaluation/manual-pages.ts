import { execFile } from "node:child_process";
import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const packageName = "postgresql-doc-15";

/** The folder of the pages and their version. */
export interface ManualPages {
  readonly folder: string;
  /** Name and version of the package that holds the pages. */
  readonly version: string;
}

/**
 * Returns the PostgreSQL 15 manual: about 1,170 HTML pages under the PostgreSQL licence. They are unpacked
 * from the Debian package into `cache`. `EVALUATION_CORPUS` names a folder that already holds the pages.
 */
export async function fetchManual(cache: string): Promise<ManualPages> {
  const given = process.env["EVALUATION_CORPUS"];
  if (given !== undefined) return { folder: given, version: "given" };
  const home = join(cache, packageName);
  const folder = join(home, "usr/share/doc", packageName, "html");
  if (!(await exists(folder))) await unpack(home);
  const [archive] = (await readdir(home)).filter((name) => name.endsWith(".deb"));
  return { folder, version: (archive ?? packageName).replace(/_[^_]*\.deb$/u, "") };
}

async function unpack(home: string): Promise<void> {
  await mkdir(home, { recursive: true });
  try {
    await run("apt-get", ["download", packageName], { cwd: home });
    const [archive = ""] = (await readdir(home)).filter((name) => name.endsWith(".deb"));
    await run("dpkg", ["-x", archive, "."], { cwd: home });
  } catch (cause) {
    throw new Error(
      `could not fetch ${packageName} with apt-get and dpkg; unpack its HTML pages yourself and set EVALUATION_CORPUS to their folder`,
      { cause },
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
