import type { Dashboard, Panel } from "./panel.ts";

const columns = 24;
const size = { w: 12, h: 8 };
const datasource = { type: "prometheus", uid: "${datasource}" };

/** Puts a dashboard into the classic form, which every Grafana since version 8 reads from a file. */
export function grafanaJson({ name, title, panels }: Dashboard): object {
  return {
    id: null,
    uid: `binnacle-${name}`,
    title,
    tags: ["binnacle"],
    schemaVersion: 39,
    editable: true,
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    templating: {
      list: [{ name: "datasource", type: "datasource", query: "prometheus", label: "Prometheus" }],
    },
    panels: panels.map(panelJson),
  };
}

function panelJson({ title, kind, unit, queries, description }: Panel, index: number): object {
  const perRow = columns / size.w;
  return {
    id: index + 1,
    title,
    description,
    type: kind,
    datasource,
    gridPos: { ...size, x: (index % perRow) * size.w, y: Math.floor(index / perRow) * size.h },
    fieldConfig: { defaults: { unit }, overrides: [] },
    targets: queries.map(({ expr, legend }, i) => ({
      refId: String.fromCodePoint(65 + i),
      datasource,
      expr,
      legendFormat: legend,
      ...(kind === "heatmap" && { format: "heatmap" }),
    })),
  };
}
