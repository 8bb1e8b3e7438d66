import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { createExampleCalls } from "../api-table/example-calls.ts";
import { openPlatform } from "../api-table/open-platform.ts";
import { dashboards } from "./dashboards.ts";
import { grafanaJson } from "./grafana-json.ts";

/** Metrics of Prometheus itself and of the Node process, which prom-client adds in a server. */
const outside = new Set(["up"]);
let metrics: ReadonlyMap<string, ReadonlySet<string>>;

beforeAll(async () => {
  const api = await openPlatform({});
  for (const call of createExampleCalls()) await call.send(api);
  metrics = labelsByMetric((await api.call("GET", "/metrics")).body);
  await api.close();
});

/** Reads the labels of each metric from Prometheus text. */
function labelsByMetric(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const [, name = "", labels = ""] of text.matchAll(/^([a-z_]+)(?:\{(.*)\})? /gm)) {
    const known = found.get(name) ?? new Set();
    for (const [, label = ""] of labels.matchAll(/([a-z_]+)="/g)) known.add(label);
    found.set(name, known);
  }
  return found;
}

describe.each(dashboards.map((dashboard) => [dashboard.title, dashboard] as const))("%s", (_, dashboard) => {
  test("asks only for metrics and labels that the server has (Q14, Q49, Q50, Q51)", () => {
    for (const { expr } of dashboard.panels.flatMap(({ queries }) => queries)) {
      const names = expr.match(/\b(?:binnacle|process|nodejs)_[a-z0-9_]+|\bup\b/g) ?? [];
      expect(names.length, expr).toBeGreaterThan(0);
      for (const name of names) {
        if (outside.has(name)) continue;
        expect([...metrics.keys()], expr).toContain(name);
        const labels = [...(metrics.get(name) ?? []), "job", "instance"];
        const used = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(", "));
        for (const label of used) expect(labels, `${name} in ${expr}`).toContain(label);
      }
    }
  });

  test("has panels that do not overlap, each with a unit and a description", () => {
    const json = JSON.stringify(grafanaJson(dashboard));
    const places = [...json.matchAll(/"x":(\d+),"y":(\d+)/g)].map(([place]) => place);
    expect(new Set(places).size).toBe(dashboard.panels.length);
    for (const { description } of dashboard.panels) expect(description).toMatch(/\.$/);
  });

  test("is written to the file that Grafana reads", async () => {
    const path = `../../deploy/monitoring/grafana/dashboards/${dashboard.name}.json`;
    const written: unknown = JSON.parse(await readFile(new URL(path, import.meta.url), "utf8"));
    expect(written).toEqual(grafanaJson(dashboard));
  });
});
