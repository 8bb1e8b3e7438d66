import { writeFile } from "node:fs/promises";
import { dashboards } from "../dashboards/dashboards.ts";
import { grafanaJson } from "../dashboards/grafana-json.ts";

for (const dashboard of dashboards) {
  const file = new URL(`../../deploy/monitoring/grafana/dashboards/${dashboard.name}.json`, import.meta.url);
  await writeFile(file, `${JSON.stringify(grafanaJson(dashboard), null, 2)}\n`);
}
