import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createSiteServer } from "./site-server.ts";

test("serves the files of the site and nothing beside it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "binnacle-site-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "site"));
  await writeFile(join(folder, "site/index.html"), "<p>home");
  await writeFile(join(folder, "secret.txt"), "secret");
  const server = createSiteServer(join(folder, "site")).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  const home = await get("/");
  expect([home.status, home.headers.get("content-type"), await home.text()]).toEqual([
    200,
    "text/html; charset=utf-8",
    "<p>home",
  ]);
  for (const path of ["/missing.html", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/%"])
    expect((await get(path)).status, path).toBe(404);
});
