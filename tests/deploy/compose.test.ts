import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const folder = new URL("../../examples/rag-server/deploy/", import.meta.url);
const text = await readFile(new URL("compose.yaml", folder), "utf8");

const service = z.looseObject({
  image: z.string(),
  command: z.union([z.string(), z.array(z.string())]).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal("ALL")]),
  security_opt: z.tuple([z.literal("no-new-privileges:true")]),
  mem_limit: z.string().optional(),
});
const { services, networks } = z
  .looseObject({ services: z.record(z.string(), service), networks: z.record(z.string(), z.unknown()) })
  .parse(parse(text, { merge: true }));
const all = Object.entries(services);

describe("the compose file", () => {
  test("has the six services, each with a health check (Q54)", () => {
    const six = ["ai-inference-server", "qdrant", "qdrant-ui", "prometheus", "grafana", "redis"];
    expect(Object.keys(services)).toEqual(expect.arrayContaining(six));
    for (const [name, { healthcheck }] of all)
      if (name !== "vector-operation-worker") expect(healthcheck?.test, name).not.toHaveLength(0);
  });

  test("asks each image only for programs that it has (Q54)", () => {
    const programs = Object.fromEntries(all.map(([name, { healthcheck }]) => [name, healthcheck?.test[1]]));
    expect(programs).toMatchObject({
      "ai-inference-server": "node",
      qdrant: "bash",
      "qdrant-ui": "wget",
      prometheus: "wget",
      grafana: "wget",
    });
    expect(JSON.stringify(services)).not.toContain("curl");
  });

  test("pins each image to one version (Q54)", () => {
    for (const [name, { image }] of all) expect(image, name).toMatch(/:v?\d+\.\d+\.\d+(-[a-z]+)?$/);
  });

  test("has no password of its own: each comes from a variable that must be set (Q54)", async () => {
    for (const [name, { environment }] of all)
      for (const [key, value] of Object.entries(environment))
        if (/PASSWORD|SECRET|TOKEN|API_KEY/.test(key) && !key.endsWith("__FILE"))
          expect(value, `${name}: ${key}`).toMatch(/^\$\{[A-Z_]+:\?[^}]+\}$/);
    const example = await readFile(new URL(".env.example", folder), "utf8");
    const offered = new Set(example.match(/^[A-Z_]+(?==$)/gm));
    for (const [, variable = ""] of text.matchAll(/\$\{([A-Z_]+):[?-]/g)) expect(offered).toContain(variable);
    for (const [, variable = ""] of text.matchAll(/environment: ([A-Z_]+)/g))
      expect(offered).toContain(variable);
  });

  test("opens ports on loopback only, each once", () => {
    const ports = all.flatMap(([, each]) => each.ports);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(new Set(ports.map((port) => port.split(":")[1])).size).toBe(ports.length);
    expect(networks).toMatchObject({ back: { internal: true } });
  });

  test("mounts only files that are there", () => {
    const paths = all.flatMap(([, each]) => each.volumes).filter((volume) => volume.startsWith("./"));
    expect(paths.length).toBeGreaterThan(4);
    for (const path of paths) expect(existsSync(new URL(path.split(":")[0] ?? "", folder)), path).toBe(true);
  });

  test("keeps the queue apart from the cache, and evicts nothing from it", () => {
    const server = services["ai-inference-server"]?.environment;
    expect(server?.["REDIS_URL"]).toMatch(/@redis:6379$/);
    expect(server?.["QUEUE_REDIS_URL"]).toMatch(/@redis-queue:6379$/);
    expect(String(services["redis"]?.command)).toContain("maxmemory-policy allkeys-lru");
    expect(String(services["redis-queue"]?.command)).toContain("maxmemory-policy noeviction");
    expect(String(services["redis-queue"]?.command)).toContain("appendonly yes");
    for (const name of ["redis", "redis-queue"]) {
      const most = /maxmemory (\d+)mb/.exec(String(services[name]?.command))?.[1];
      expect(Number(most), name).toBeLessThan(Number.parseInt(services[name]?.mem_limit ?? "0", 10));
    }
  });
});
