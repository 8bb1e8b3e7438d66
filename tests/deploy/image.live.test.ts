import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../servers/free-port.ts";
import { until } from "../servers/until.ts";
import { buildWithoutDocker, type BuiltImage } from "./dockerfile.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const dockerfile = join(repository, "examples/rag-server/deploy/Dockerfile");
let folder: string;
let image: BuiltImage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "binnacle-image-"));
  image = buildWithoutDocker(dockerfile, repository, folder);
}, 600_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test("runs as a user that is not root (T62)", () => {
  expect(image.user).toBe("1000:1000");
  expect(image.environment).toEqual({ NODE_ENV: "production" });
});

test("holds no test, no compiler and no other example", () => {
  const app = join(image.root, "app");
  for (const path of ["node_modules/typescript", "node_modules/vitest", "examples/k8s-assistant", "tests"])
    expect(existsSync(join(app, path)), path).toBe(false);
  expect(existsSync(join(app, "packages/retriever/dist/index.js"))).toBe(true);
});

test("serves from the built packages (Q54)", async () => {
  const data = join(folder, "data");
  await mkdir(data);
  const port = await freePort();
  const [program = "", ...args] = image.entrypoint;
  const given = ["serve", "--allow-empty", "--data", data, "--port", String(port)];
  expect(image.command.slice(0, 2)).toEqual(given.slice(0, 2));
  const server = spawn(program, [...args, ...given], {
    cwd: join(image.root, image.workdir),
    stdio: ["ignore", "ignore", "inherit"],
    env: { PATH: process.env["PATH"], ...image.environment },
  });
  const answers = async (): Promise<boolean> => {
    const reply = await fetch(`http://127.0.0.1:${port}/health/live`).catch(() => undefined);
    return reply?.ok === true;
  };
  try {
    await until(answers, "the server of the image");
  } finally {
    server.kill("SIGTERM");
  }
});
