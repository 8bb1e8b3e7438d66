import { globSync, readFileSync } from "node:fs";
import { defineConfig, type Options } from "tsup";
import { sharedZod } from "./tsup.zod.ts";

// Run inside a package: `tsup --config ../../tsup.base.ts`. The entries are the package's own exports, so an
// export is the only registration a driver needs. A worker thread's file is an entry too, without types,
// because it is started by its path and would otherwise vanish in a chunk.
interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const sources = Object.values(manifest.exports).flatMap((target) =>
  typeof target === "string" ? [] : [target["@binnacle/source"] ?? []].flat(),
);
const workers = globSync("./src/**/*.worker.ts").map((file) => `./${file}`);

function entriesOf(files: readonly string[]): Record<string, string> {
  return Object.fromEntries(files.map((file) => [file.replace(/^\.\/src\//, "").replace(/\.ts$/, ""), file]));
}

export default defineConfig({
  entry: entriesOf([...sources, ...workers]),
  format: "esm",
  dts: { entry: entriesOf(sources) },
  sourcemap: true,
  clean: true,
  target: "node22",
  tsconfig: "../../tsconfig.build.json",
  ...sharedZod(manifest.name),
}) as Options;
