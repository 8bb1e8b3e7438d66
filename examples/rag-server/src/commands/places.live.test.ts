import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { fakeServer } from "../testing/fake-server.ts";
import { onlyJson, runProgram } from "../testing/run-program.ts";
import { createWorkspace } from "../testing/workspace.ts";

const program = fileURLToPath(new URL("../bin/binnacle-rag.ts", import.meta.url));

test("indexes a single file and nothing beside it (T4)", async () => {
  const work = await createWorkspace();
  const file = `${work.docs.path}/signing.md`;
  expect(onlyJson(await work.rag("ingest", file, "--json"))).toMatchObject({ documents: { added: 1 } });
  expect((await work.rag("ask", "How do I rotate the signing key?")).stdout).toContain("[1] signing.md:");
  expect((await work.rag("verify")).status).toBe(0);
  expect((await work.rag("export", "signing.md")).stdout).toContain("# Signing");
  await work.docs.write({ "signing.md": "# Signing\n\nThere are no keys.\n" });
  expect(onlyJson(await work.rag("ingest", file, "--json"))).toMatchObject({ documents: { changed: 1 } });
  expect((await work.rag("forget", file)).status).toBe(0);
});

test("reads only the included files, and leaves out the excluded ones (T4)", async () => {
  const work = await createWorkspace();
  await work.docs.write({ "guides/a.md": "# A", "guides/b.txt": "B", "guides/old/c.md": "# C" });
  const flags = ["--include", "guides/**", "--include", "on-call.md", "--exclude", "**/old"];
  expect(onlyJson(await work.rag("ingest", work.docs.path, ...flags, "--json"))).toMatchObject({
    documents: { added: 3 },
  });
  expect((await work.rag("verify")).status).toBe(0);
  const other = await work.rag("ingest", work.docs.path, "--include", "guides/**", "--exclude", "**/old");
  expect(other.stderr).toContain("--include guides/** --include on-call.md --exclude **/old; this one has");
});

test("indexes the page at an address with its title, and cites the address (T4)", async () => {
  const work = await createWorkspace();
  let text = "<p>High water is at noon.</p>";
  const url = await fakeServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(`<title>Tides</title><main><h1>Tides</h1>${text}</main>`);
  });
  const page = `${url}/tides?today`;
  expect(onlyJson(await work.rag("ingest", page, "--json"))).toMatchObject({
    path: page,
    documents: { added: 1 },
  });
  const asked = onlyJson(await work.rag("ask", "When is high water?", "--json"));
  expect(asked).toMatchObject({ citations: [{ documentId: page, text: "High water is at noon." }] });
  expect((await work.rag("verify")).status).toBe(0);
  text = "<p>High water is at midnight.</p>";
  expect(onlyJson(await work.rag("ingest", page, "--json"))).toMatchObject({ documents: { changed: 1 } });
  expect((await work.rag("list")).stdout).toContain("Tides\n");
  expect(onlyJson(await work.rag("forget", page, "--json"))).toMatchObject({ documents: { removed: 1 } });
});

test("refuses a page that fails, that is too large, or that is combined with a folder's flags", async () => {
  const work = await createWorkspace();
  const url = await fakeServer((request, response) => {
    if (request.url === "/missing") return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": "text/plain" });
    response.end("x".repeat(17 * 1024 * 1024));
  });
  const refused = async (...args: readonly string[]) => (await work.rag("ingest", ...args)).stderr;
  expect(await refused(`${url}/missing`)).toContain("/missing could not be fetched: the server answered 404");
  expect(await refused(`${url}/large`)).toContain("it has more than 16777216 bytes");
  expect(await refused(url, "--watch")).toContain("--watch: not for a page");
  expect(await refused("http://user:secret@localhost/")).not.toContain("secret");
  expect(await refused("http://127.0.0.1:1/")).toContain("could not be fetched: ");
});

test("applies changes with --watch until it is stopped, and names them (T4)", async () => {
  const work = await createWorkspace();
  const args = ["--conditions=@binnacle/source", program, "ingest", work.docs.path, "--watch"];
  const child = spawn(process.execPath, [...args, "--data", work.data.path], {
    env: { PATH: process.env["PATH"] },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let [out, noted] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (noted += text));
  await vi.waitFor(() => expect(noted).toContain("Watching "), { timeout: 30_000 });
  expect(out).toContain("+3 ~0 -0 documents");
  await work.docs.write({ "tides.md": "# Tides\n\nHigh water is at noon.\n" });
  await vi.waitFor(
    () => expect(noted).toMatch(/\d\d:\d\d:\d\d {2}1 chunk written, 0 deleted; read .*tides\.md/),
    {
      timeout: 30_000,
    },
  );
  await work.docs.remove("tides.md");
  await vi.waitFor(() => expect(noted).toContain("0 chunks written, 1 deleted"), { timeout: 30_000 });
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([0, null]);
});

test("keeps a conversation over the lines of chat (T4, T6)", async () => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path);
  const args = ["--conditions=@binnacle/source", program, "chat", "--json", "--data", work.data.path];
  const child = spawn(process.execPath, args);
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stdin.end("When are backups taken?\n\nAnd how long are they kept?\n");
  expect(await once(child, "close")).toEqual([0, null]);
  expect(JSON.parse(out)).toMatchObject({
    answers: [
      { question: "When are backups taken?", mode: "extractive" },
      { completedQuestion: "And how long are they kept? (backups)", mode: "extractive" },
    ],
  });
});

test("prints the version, and a hint that keeps the collection (T4)", async () => {
  const work = await createWorkspace();
  expect((await runProgram("binnacle-rag", ["--version"])).stdout).toBe("0.1.0\n");
  const { stderr } = await work.rag("search", "x", "--collection", "other");
  expect(stderr).toMatch(/run "node .*binnacle-rag\.ts ingest DIR --data \S+ --collection other" first/);
});

test("drops weak hits with --min-score, and refuses below a confidence", async () => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path);
  const ask = async (...flags: readonly string[]) =>
    onlyJson(await work.rag("ask", "How do I rotate the signing key?", "--json", ...flags));
  expect(await ask("--refuse", "0.999")).toMatchObject({ mode: "none" });
  expect(await ask("--refuse", "0.1", "--min-score", "0.5")).toMatchObject({ mode: "extractive" });
  expect((await work.rag("ask", "x", "--refuse", "2")).stderr).toContain("a number from 0 to 1");
});
