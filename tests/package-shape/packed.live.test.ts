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
/** The project with the packages' dependencies but without optional peers. */
let plain: OutsideProject;
/** The project with the optional peers. */
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

/** Returns true if the entry, or a file that it reaches, imports the library. */
function importsLibrary(entry: string, library: string): boolean {
  return importsOf(filesReachedFrom(entry)).some(
    ({ specifier }) => specifier === library || specifier.startsWith(`${library}/`),
  );
}

const tarballOf = (name: string) => tarballs.get(name) ?? "";

test.each(packages)("passes publint without warnings: $name", async ({ name }) => {
  expect(await runTool("publint/src/cli.js", tarballOf(name), "--strict")).toContain("All good!");
});

test.each(packages)("has types that every resolver of ES modules finds: $name", async (one) => {
  const attw = "@arethetypeswrong/cli/dist/index.js";
  const report = await runTool(attw, tarballOf(one.name), "--profile", "esm-only", "--no-color"); // rejects if it finds an error
  for (const { name } of one.entries) expect(report).toContain(`"${name}"`);
});

test.each(packages)("packs build, source and licence without tests: $name", async (one) => {
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
    lib: ["ES2022"], // no DOM: all types must come with Node's
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

/** Returns code that imports every entry and uses the imports. */
function importAll(list: readonly { readonly name: string }[]): string {
  const imports = list.map(({ name }, index) => `import * as entry${index} from "${name}";`);
  return `${imports.join("\n")}\nconsole.log(${list.map((_, index) => `typeof entry${index}`).join(", ")});\n`;
}

async function compile(project: OutsideProject): Promise<void> {
  await project.write("tsconfig.json", tsconfig);
  const tsc = join(repository, "node_modules/typescript/bin/tsc");
  await project.run(process.execPath, tsc, "-p", "tsconfig.json");
}

/** Returns the compiler's complaints about our packages and the project, without those about other libraries. */
async function complaintsOf(project: OutsideProject): Promise<readonly string[]> {
  const output = await compile(project).then(
    () => "",
    (error: unknown) => String(error),
  );
  const complaints = output.split("\n").filter((line) => line.includes("error TS"));
  if (output !== "" && complaints.length === 0) return [output];
  return complaints.filter((line) => !/node_modules\/(?!@binnacle\/)/.test(line.slice(0, line.indexOf("("))));
}

test("compiles every entry, and the driver of core's README, in a strict project that checks declarations", async () => {
  await plain.write("imports.ts", importAll(ofNoPeer));
  // Shows that the project is checked: if the last line were right, the comment above it would be an error.
  const wrong = [
    'import { RequestError } from "@binnacle/core";',
    "// @ts-expect-error",
    "new RequestError(1);",
  ];
  await plain.write("wrong.ts", wrong.join("\n"));
  await plain.write("driver.ts", firstExample("packages/core/README.md"));
  await compile(plain);
}, 120_000);

test("compiles every entry of an optional peer if the peer is installed", async () => {
  const names = ofPeers.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["@binnacle/inference/openai", "@binnacle/retriever/redis"]));
  expect(names).not.toContain("@binnacle/retriever");
  await complete.write("imports.ts", importAll(ofPeers));
  // Some libraries' own declarations do not pass these strict settings.
  expect(await complaintsOf(complete)).toEqual([]);
  await complete.write(
    "wrong.ts",
    'import { OpenAIBackend } from "@binnacle/inference/openai";\nnew OpenAIBackend(1);\n',
  );
  expect(await complaintsOf(complete)).toEqual([expect.stringMatching(/^wrong\.ts.*TS2345/)]);
}, 120_000);

test("imports every entry on Node 22", async () => {
  expect(await complete.run(node22, "--version")).toMatch(/^v22\./);
  await complete.write("imports.mjs", importAll(entries));
  await complete.run(node22, "imports.mjs");
});

test("loads every entry without optional peers, except those that need one", async () => {
  await plain.write("imports.mjs", importAll(ofNoPeer));
  await plain.run(node22, "imports.mjs");
});

test.each(nodes)("runs the embedded store in its worker thread on %s", async (_name, node) => {
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

test.each(nodes)("requires every entry from CommonJS code on %s", async (_name, node) => {
  await complete.write(
    "require.cjs",
    `for (const name of ${JSON.stringify(entries.map(({ name }) => name))}) require(name);
     const { BinnacleError } = require("@binnacle/core");
     console.log(BinnacleError.isInstance(new BinnacleError("a_code", "a message")));`,
  );
  expect((await complete.run(node, "require.cjs")).trim()).toBe("true");
});
