/** A query of a panel, in PromQL. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** A panel of a dashboard. */
export interface Panel {
  readonly title: string;
  readonly kind: "timeseries" | "stat" | "heatmap";
  /** Grafana's name of the unit. */
  readonly unit: "s" | "bytes" | "percentunit" | "reqps" | "short" | "none";
  readonly queries: readonly Query[];
  readonly description: string;
}

/** A dashboard, before it takes Grafana's form. */
export interface Dashboard {
  /** Name of its file and, behind `binnacle-`, its id in Grafana. */
  readonly name: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

const range = "$__rate_interval";

/** The rate of a counter, by some labels. */
export function rate(metric: string, by: readonly string[], selector = ""): string {
  return `sum by (${by.join(", ")}) (rate(${metric}${selector}[${range}]))`;
}

/** Three percentiles of a histogram, each summed over all processes. */
export function percentiles(metric: string, by: string, selector = ""): readonly Query[] {
  return [0.5, 0.95, 0.99].map((share) => ({
    expr: `histogram_quantile(${share}, sum by (le, ${by}) (rate(${metric}_bucket${selector}[${range}])))`,
    legend: `p${share * 100} {{${by}}}`,
  }));
}

/** The share of calls that failed. An error is named in the label `error`. */
export function failureShare(metric: string, by: string): Query {
  const failed = rate(`${metric}_count`, [by], '{error!=""}');
  return { expr: `${failed} / ${rate(`${metric}_count`, [by])}`, legend: `{{${by}}}` };
}
