import { readFileSync } from "node:fs";

/** Returns the versions of Node and of the named packages, as the bench resolves them. */
export function versionsOf(packages: readonly string[]): Readonly<Record<string, string>> {
  const found = packages.map((name): [string, string] => {
    const folders = [`../node_modules/${name}`, `../../node_modules/${name}`];
    for (const folder of folders) {
      try {
        const manifest: unknown = JSON.parse(
          readFileSync(new URL(`${folder}/package.json`, import.meta.url), "utf8"),
        );
        if (typeof manifest === "object" && manifest !== null && "version" in manifest) {
          return [name, String(manifest.version)];
        }
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
      }
    }
    return [name, "not installed"];
  });
  return Object.fromEntries([["node", process.versions.node], ...found]);
}
