import { readFileSync } from "node:fs";
import { defineConfig, type Options } from "tsup";

// Run inside a package: `tsup --config ../../tsup.base.ts`. The entries are the package's own exports,
// so an export is the only registration a driver needs.
interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const sources = Object.values(manifest.exports).flatMap((target) =>
  typeof target === "string" ? [] : [target["@binnacle/source"] ?? []].flat(),
);
const entry = Object.fromEntries(
  sources.map((source) => [source.replace(/^\.\/src\//, "").replace(/\.ts$/, ""), source]),
);

export default defineConfig({
  entry,
  format: "esm",
  dts: true,
  sourcemap: true,
  clean: true,
  target: "node22",
  tsconfig: "../../tsconfig.build.json",
}) as Options;
