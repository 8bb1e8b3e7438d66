// npm run weight: sizes of our packed packages, on disk and to import, compared with LangChain's.
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createOutsideProject,
  packAll,
  removeFolder,
  temporaryFolder,
} from "../../tests/package-shape/outside-project.ts";
import { readPackages } from "../../tests/package-shape/workspace.ts";
import { printRows, printTable, rangeOf, type Row } from "./report.ts";
import { versionsOf } from "./versions.ts";
import { measureImports, type ImportFigures, type ImportedEntry } from "./weight-import.ts";
import { installedSize } from "./weight-install.ts";

const KIBIBYTE = 1_024;

interface Budget {
  readonly maxMs?: number;
  readonly maxKiB?: number;
  /** The only other packages that the import may load. Missing: any except the lazy ones. */
  readonly others?: readonly string[];
}

/** Packages that load on first use only, or not at all without a peer. */
const lazy = ["undici", "js-tiktoken", "snowball-stemmers", "openai", "@grpc/grpc-js"];
const ours: Readonly<Record<string, Budget>> = {
  "@binnacle/core": { maxMs: 15, maxKiB: 300, others: [] },
  "@binnacle/core/kit": { others: [] },
  "@binnacle/retriever": { maxMs: 100, others: ["@binnacle/core"] },
  "@binnacle/retriever/sqlite": {},
  "@binnacle/retriever/folder": {},
  "@binnacle/inference/llama-cpp": {},
};
const theirs = [
  "@langchain/core/vectorstores",
  "@langchain/core/indexing",
  "@langchain/textsplitters",
  "@langchain/classic",
  "@langchain/classic/vectorstores/memory",
  "@langchain/classic/embeddings/cache_backed",
];

const bench = fileURLToPath(new URL("..", import.meta.url));
const scripts = {
  "probe.mjs": fileURLToPath(new URL("weight-probe.mjs", import.meta.url)),
  "loaded.mjs": fileURLToPath(new URL("../../tests/package-shape/loaded-modules.mjs", import.meta.url)),
} as const;

const packed = await temporaryFolder();
const project = await createOutsideProject(await packAll(packed), { withPeers: false });
const folders = [project.folder, bench];
try {
  for (const folder of folders)
    for (const [name, path] of Object.entries(scripts)) await copyFile(path, join(folder, name));
  const entries: readonly ImportedEntry[] = [
    ...Object.keys(ours).map((name) => ({ name, folder: project.folder })),
    ...theirs.map((name) => ({ name, folder: bench })),
  ];
  console.log(
    `weight: Node ${process.versions.node}; packages as packed; each import in a process of its own, file cache warm, in turn, medians`,
  );
  const rows = [...installRows(entries), ...importRows(await measureImports(entries))];
  printRows(rows);
  process.exitCode = rows.every(({ correct }) => correct !== false) ? 0 : 1;
} finally {
  for (const name of Object.keys(scripts)) await rm(join(bench, name), { force: true });
  for (const folder of [packed, project.folder]) await removeFolder(folder);
}

function installRows(entries: readonly ImportedEntry[]): readonly Row[] {
  const found = new Map(entries.map(({ name, folder }) => [packageName(name), folder]));
  for (const { name } of readPackages()) found.set(name, project.folder);
  const rows = [...found].map(([name, folder]): Row => {
    const { ownBytes, totalBytes, packages } = installedSize(name, folder);
    return {
      ...baseOf(name),
      row: `${name} installed`,
      value: kibibytes(ownBytes),
      unit: "KiB",
      withDependencies: kibibytes(totalBytes),
      packages,
    };
  });
  printTable(
    "On a disk",
    ["", "KiB", "with all it requires", "packages"],
    rows.map(({ row, value, withDependencies, packages }) =>
      [row, value, withDependencies, packages].map(String),
    ),
  );
  return rows;
}

function importRows(figures: ReadonlyMap<string, ImportFigures>): readonly Row[] {
  const rows = [...figures].map(([name, found]): Row => {
    const { ms, minMs, maxMs, cpuMs, processMs, runs, files, bytes, others } = found;
    return {
      ...baseOf(name),
      row: `import ${name}`,
      value: rounded(ms),
      unit: "ms",
      ...judged(name, found),
      minMs: rounded(minMs),
      maxMs: rounded(maxMs),
      cpuMs: rounded(cpuMs),
      processMs: rounded(processMs),
      runs,
      files,
      loadedKiB: kibibytes(bytes),
      others,
    };
  });
  printTable(
    "To import",
    [
      "",
      "ms",
      "min–max",
      "CPU ms",
      "process ms over bare",
      "files",
      "KiB loaded",
      "target",
      "ok",
      "of others",
    ],
    rows.map((row) => {
      const { value, cpuMs, processMs, files, loadedKiB, target = "", ok, others } = row;
      const names = Array.isArray(others) ? others.map(String) : [];
      return [
        row.row,
        String(value),
        rangeOf(row),
        ...[cpuMs, processMs, files, loadedKiB, target].map(String),
        ok === undefined ? "" : ok ? "yes" : "no",
        names.length > 6 ? `${names.length} packages` : names.join(", "),
      ];
    }),
  );
  return rows;
}

function judged(name: string, { ms, bytes, others }: ImportFigures): Partial<Row> {
  const budget = ours[name];
  if (budget === undefined) return {};
  const { maxMs, maxKiB } = budget;
  const strangers = others.filter((other) =>
    budget.others === undefined ? lazy.includes(other) : !budget.others.includes(other),
  );
  const limits = [
    ...(maxMs === undefined ? [] : [`<= ${maxMs} ms`]),
    ...(maxKiB === undefined ? [] : [`<= ${maxKiB} KiB`]),
    allowed(budget.others),
  ];
  return {
    target: limits.join(", "),
    ok: strangers.length === 0 && ms <= (maxMs ?? Infinity) && bytes <= (maxKiB ?? Infinity) * KIBIBYTE,
    // The time depends on the machine, but the loaded packages do not.
    correct: strangers.length === 0 && bytes <= (maxKiB ?? Infinity) * KIBIBYTE,
  };
}

function allowed(others: Budget["others"]): string {
  if (others === undefined) return `no ${lazy.join(", ")}`;
  return others.length === 0 ? "nothing of others" : `only ${others.join(", ")}`;
}

function baseOf(name: string): Pick<Row, "suite" | "versions" | "seed" | "peer"> {
  const own = packageName(name);
  const base = { suite: "weight", versions: versionsOf([own]), seed: "none" };
  return own.startsWith("@binnacle/") ? base : { ...base, peer: own };
}

function packageName(entry: string): string {
  return entry.split("/").slice(0, 2).join("/");
}

function kibibytes(bytes: number): number {
  return rounded(bytes / KIBIBYTE);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
