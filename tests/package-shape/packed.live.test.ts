import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firstExample } from "../docs/code-blocks.ts";
import {
  createOutsideProject,
  packAll,
  removeFolder,
  runTool,
  temporaryFolder,
  type OutsideProject,
} from "./outside-project.ts";
import { filesReachedFrom, importsOf } from "./source-graph.ts";
import { readPackages, repository } from "./workspace.ts";

const packages = readPackages();
const entries = packages.flatMap((one) => one.entries);
const ofPeers = packages.flatMap((one) =>
  one.entries.filter(({ source }) => one.optionalPeers.some((peer) => importsLibrary(source, peer))),
);
const ofNoPeer = entries.filter((entry) => !ofPeers.includes(entry));
const node22 = join(repository, "tests/package-shape/node_modules/node/bin/node");
const nodes: readonly (readonly [string, string])[] = [
  ["Node 22", node22],
  ["this Node", process.execPath],
];

let folder = "";
let tarballs: ReadonlyMap<string, string>;
/** Has what the packages declare, and no optional peer. */
let plain: OutsideProject;
/** Has the optional peers too. */
let complete: OutsideProject;

beforeAll(async () => {
  folder = await temporaryFolder();
  tarballs = await packAll(folder);
  plain = await createOutsideProject(tarballs, { withPeers: false });
  complete = await createOutsideProject(tarballs, { withPeers: true });
}, 300_000);

afterAll(async () => {
  for (const used of [folder, plain.folder, complete.folder]) await removeFolder(used);
});

/** Says whether the entry, or a file that it reaches, imports the library. */
function importsLibrary(entry: string, library: string): boolean {
  return importsOf(filesReachedFrom(entry)).some(
    ({ specifier }) => specifier === library || specifier.startsWith(`${library}/`),
  );
}

const tarballOf = (name: string) => tarballs.get(name) ?? "";

test.each(packages)("$name satisfies publint, warnings included", async ({ name }) => {
  expect(await runTool("publint/src/cli.js", tarballOf(name), "--strict")).toContain("All good!");
});

test.each(packages)("$name's types are found by every resolver of ES modules", async (one) => {
  const attw = "@arethetypeswrong/cli/dist/index.js";
  const report = await runTool(attw, tarballOf(one.name), "--profile", "esm-only", "--no-color"); // rejects if not
  for (const { name } of one.entries) expect(report).toContain(`"${name}"`);
});

test.each(packages)("$name is packed with build, source and licence, and without tests", async (one) => {
  const listing = await plain.run("tar", "-tzf", tarballOf(one.name));
  const files = listing.split("\n").map((file) => file.replace(/^package\//, ""));
  const sources = one.entries.map(({ source }) => source.slice(one.folder.length + 1));
  const declarations = sources.map((source) => source.replace(/^src(.*)\.ts$/, "dist$1.d.ts"));
  expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", ...sources, ...declarations]));
  const unwanted = /\.test\.|\.test-d\.|\/fixtures\/|\.tmp\.|tsconfig|typedoc/;
  expect(files.filter((file) => unwanted.test(file))).toEqual([]);
});

const tsconfig = JSON.stringify({
  compilerOptions: {
    target: "ES2022",
    lib: ["ES2022"], // no DOM: what our declarations need must come with Node's types
    module: "NodeNext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    types: ["node"],
  },
  include: ["*.ts"],
});

/** Imports every entry and uses what came. */
function importAll(list: readonly { readonly name: string }[]): string {
  const imports = list.map(({ name }, index) => `import * as entry${index} from "${name}";`);
  return `${imports.join("\n")}\nconsole.log(${list.map((_, index) => `typeof entry${index}`).join(", ")});\n`;
}

async function compile(project: OutsideProject): Promise<void> {
  await project.write("tsconfig.json", tsconfig);
  await project.run(
    process.execPath,
    join(repository, "node_modules/typescript/bin/tsc"),
    "-p",
    "tsconfig.json",
  );
}

test("every entry, and the driver of core's README, compiles in a strict project that checks declarations too", async () => {
  await plain.write("imports.ts", importAll(ofNoPeer));
  // Shows that the project checks anything: were the last line right, the comment above it would be the error.
  const wrong = [
    'import { RequestError } from "@binnacle/core";',
    "// @ts-expect-error",
    "new RequestError(1);",
  ];
  await plain.write("wrong.ts", wrong.join("\n"));
  await plain.write("driver.ts", firstExample("packages/core/README.md"));
  await compile(plain);
}, 120_000);

test("so does every entry of an optional peer, where the peer is installed", async () => {
  const names = ofPeers.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["@binnacle/inference/openai", "@binnacle/retriever/redis"]));
  expect(names).not.toContain("@binnacle/retriever");
  await complete.write("imports.ts", importAll(ofPeers));
  await compile(complete);
}, 120_000);

test("Node 22 imports every entry", async () => {
  expect(await complete.run(node22, "--version")).toMatch(/^v22\./);
  await complete.write("imports.mjs", importAll(entries));
  await complete.run(node22, "imports.mjs");
});

test("every entry but those of optional peers loads where no peer is installed", async () => {
  await plain.write("imports.mjs", importAll(ofNoPeer));
  await plain.run(node22, "imports.mjs");
});

test.each(nodes)("%s runs the embedded store in its worker thread", async (_name, node) => {
  await complete.write(
    "embedded.mjs",
    `import { SqliteStore } from "@binnacle/retriever/sqlite";
     const store = new SqliteStore({ path: process.argv[2] });
     const { outcome } = await store.ensureCollection({ name: "shape", sparse: { encoderId: "terms" } });
     console.log(outcome, await store.collection("shape").count());
     await store.close();`,
  );
  const file = `${node === node22 ? "old" : "new"}.sqlite`;
  expect((await complete.run(node, "embedded.mjs", file)).trim()).toBe("created 0");
});

test.each(nodes)("CommonJS code can require() every entry on %s", async (_name, node) => {
  await complete.write(
    "require.cjs",
    `for (const name of ${JSON.stringify(entries.map(({ name }) => name))}) require(name);
     const { BinnacleError } = require("@binnacle/core");
     console.log(BinnacleError.isInstance(new BinnacleError("a_code", "a message")));`,
  );
  expect((await complete.run(node, "require.cjs")).trim()).toBe("true");
});
