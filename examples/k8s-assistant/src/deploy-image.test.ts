import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadYaml } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const repository = fileURLToPath(new URL("../../..", import.meta.url));

const deployment = z
  .object({
    spec: z.object({
      template: z.object({
        spec: z.object({
          securityContext: z.object({
            runAsUser: z.number(),
            runAsGroup: z.number(),
            runAsNonRoot: z.literal(true),
          }),
          containers: z.array(
            z.object({
              image: z.string(),
              command: z.array(z.string()),
              args: z.array(z.string()),
              securityContext: z.object({ readOnlyRootFilesystem: z.literal(true) }),
              volumeMounts: z.array(z.object({ mountPath: z.string() })),
            }),
          ),
        }),
      }),
    }),
  })
  .parse(loadYaml(read("../deploy/base/deployment.yaml"))).spec.template.spec;

const instructions = read("../deploy/Dockerfile")
  .split("\n")
  .flatMap((line) => {
    const [, name = "", rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    return name === "" ? [] : [{ name, rest }];
  });
const last = (name: string): string => instructions.findLast((each) => each.name === name)?.rest ?? "";
const words = (name: string): readonly string[] => z.array(z.string()).parse(JSON.parse(last(name)));

describe("the image of k8s-sync", () => {
  it("is built in two stages, and only the built files reach the second", () => {
    expect(instructions.filter(({ name }) => name === "FROM").map(({ rest }) => rest)).toEqual([
      "${NODE_IMAGE} AS build",
      "${NODE_IMAGE}",
    ]);
    const second = instructions.slice(instructions.findLastIndex(({ name }) => name === "FROM"));
    const copied = second.filter(({ name }) => name === "COPY").map(({ rest }) => rest);
    expect(copied.every((rest) => rest.startsWith("--from=build /app/"))).toBe(true);
    const sources = copied.map((rest) => /\/app\/(\S+)/.exec(rest)?.[1] ?? "");
    expect(sources.filter((source) => !existsSync(`${repository}/${source}`))).toEqual([]);
  });

  it("is built by the npm steps of the server's image, which a live test runs", () => {
    const steps = (text: string): readonly string[] => text.match(/^RUN npm .*$/gm) ?? [];
    const server = steps(read("../../rag-server/deploy/Dockerfile"));
    expect(server).toHaveLength(3);
    expect(steps(read("../deploy/Dockerfile"))).toEqual(
      server.map((step) => step.replace("example-rag-server", "example-k8s-assistant")),
    );
    expect(read("../package.json")).toContain('"name": "@binnacle/example-k8s-assistant"');
  });

  it("runs as the Deployment's user with its program, its arguments and its writable folders", () => {
    const { securityContext, containers } = deployment;
    const [container] = containers;
    expect(last("USER")).toBe(`${securityContext.runAsUser}:${securityContext.runAsGroup}`);
    expect(words("ENTRYPOINT")).toEqual(container?.command);
    expect(words("CMD")).toEqual(container?.args);
    expect(existsSync(`${repository}/${words("ENTRYPOINT")[1]}`)).toBe(true);
    const folder = words("CMD")[words("CMD").indexOf("--data") + 1];
    expect(container?.volumeMounts.map(({ mountPath }) => mountPath)).toContain(folder);
    expect(read("../deploy/Dockerfile")).toContain(`-t ${container?.image} .`);
  });

  it("holds no test, no key and no index, because its context leaves out all but named files", () => {
    const [first = "", ...rest] = read("../deploy/Dockerfile.dockerignore")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(first).toBe("**");
    expect(rest).toContain("**/*.test.ts");
    const kept = rest.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
    expect(kept.filter((path) => !path.includes("*") && !existsSync(`${repository}/${path}`))).toEqual([]);
  });
});
