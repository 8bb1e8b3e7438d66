import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { onlyJson, runProgram } from "./testing/run-program.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const program = fileURLToPath(new URL("bin/binnacle-rag.ts", import.meta.url));

async function serve(data: string, ...more: readonly string[]): Promise<string> {
  const args = ["--conditions=@binnacle/source", program, "serve", "--port", "0", "--data", data, ...more];
  const server = spawn(process.execPath, args, {
    env: { PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(async () => {
    server.kill("SIGTERM");
    await once(server, "exit");
  });
  const [greeting] = await once(server.stdout, "data");
  return /http:\S+/.exec(String(greeting))?.[0] ?? "";
}

test("serves with keys, an allowed origin and an audit log, also before the first ingest (T5, T61)", async () => {
  const data = await temporaryFolder();
  onTestFinished(() => data.dispose());
  const file = join(data.path, "keys.json");
  const add = async (...args: readonly string[]): Promise<string> => {
    const added = onlyJson(
      await runProgram("binnacle-rag", ["keys", "add", ...args, "--file", file, "--json"]),
    );
    return JSON.stringify(added).slice('{"key":"'.length, -'"}'.length);
  };
  const [admin, reader] = [await add("boss", "--role", "admin"), await add("web", "--role", "reader")];
  const url = await serve(
    data.path,
    "--allow-empty",
    "--keys",
    file,
    "--allowed-origin",
    "https://app.example",
  );

  const send = async (key: string, origin: string): Promise<Response> =>
    await fetch(new URL("/api/v1/collections", url), {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, origin, "content-type": "application/json" },
      body: JSON.stringify({ name: "made", dimensions: 2 }),
    });
  const made = await send(admin, "https://app.example");
  expect(made.status).toBe(201);
  expect(made.headers.get("access-control-allow-origin")).toBe("https://app.example");
  const foreign = await send(reader, "https://evil.example");
  expect(foreign.status).toBe(403);
  expect(foreign.headers.get("access-control-allow-origin")).toBeNull();

  const preflight = await fetch(new URL("/chat", url), {
    method: "OPTIONS",
    headers: { origin: "https://app.example", "access-control-request-method": "POST" },
  });
  expect(preflight.status).toBe(204);
  const chat = await fetch(new URL("/chat", url), {
    method: "POST",
    headers: { authorization: `Bearer ${reader}`, "content-type": "application/json" },
    body: JSON.stringify({ message: "Anything?" }),
  });
  expect(chat.status).toBe(409);
  expect(await chat.text()).toContain("Nothing is indexed yet");

  expect(await runProgram("binnacle-rag", ["keys", "remove", "web", "--file", file])).toMatchObject({
    status: 0,
  });
  await expect.poll(async () => (await send(reader, "https://app.example")).status).toBe(401);
  const audit = (await readFile(join(data.path, "audit.jsonl"), "utf8")).trimEnd().split("\n");
  expect(audit.slice(0, 2).map((line): unknown => JSON.parse(line))).toMatchObject([
    { principal: "boss", status: 201 },
    { principal: "web", status: 403 },
  ]);
});

test("refuses to serve other machines without keys, and says how to make them (T61)", async () => {
  const data = await temporaryFolder();
  onTestFinished(() => data.dispose());
  const args = ["serve", "--allow-empty", "--host", "0.0.0.0", "--port", "0", "--data", data.path];
  expect(await runProgram("binnacle-rag", args)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("binnacle-rag.ts keys add ID"),
  });
});
