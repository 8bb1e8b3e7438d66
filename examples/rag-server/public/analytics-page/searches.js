import { dom } from "../dom.js";
import { counted, timeText } from "../words.js";
import { barChart } from "./bar-chart.js";

const byId = (id) => document.getElementById(id);
const milliseconds = (value) =>
  `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en")} ms`;
const percent = (share) => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

/** Shows the figures, charts and lists of one period. */
export function showSearches(searches, usage) {
  const isEmpty = searches.searches === 0;
  byId("since").textContent = isEmpty
    ? "There are no searches yet in this period. Ask a question, or search a collection."
    : `${counted(searches.searches, "search")} since ${timeText(searches.since)}, as this process recorded them.`;
  byId("searches").hidden = isEmpty;
  if (isEmpty) return;
  byId("figures").replaceChildren(...figuresOf(searches, usage).map(figure));
  byId("charts").replaceChildren(...chartsOf(searches, usage).map(barChart));
  byId("queries").replaceChildren(...listsOf(searches));
}

/** Creates one named figure. */
export function figure([name, value]) {
  return dom.element("div", [dom.element("dt", [name]), dom.element("dd", [value])]);
}

function figuresOf({ searches, failed, zero_hit_rate, latency_ms }, { users }) {
  return [
    ["Searches", searches.toLocaleString("en")],
    ["Without a hit", percent(zero_hit_rate)],
    ["Failed", failed.toLocaleString("en")],
    ["Users", users.toLocaleString("en")],
    ["Latency, median", milliseconds(latency_ms.p50)],
    ["95th percentile", milliseconds(latency_ms.p95)],
    ["99th percentile", milliseconds(latency_ms.p99)],
  ];
}

function chartsOf({ timeline, scores, since, until }, { hours }) {
  const isShort = Date.parse(until) - Date.parse(since) <= 86_400_001;
  const options = isShort ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" };
  const label = ({ from }) => new Date(from).toLocaleString("en-GB", options);
  const exact = ({ from }) => timeText(from);
  return [
    {
      title: "Searches over time",
      axis: "Local time",
      unit: "Searches",
      series: ["With hits or failed", "Without a hit"],
      bars: timeline.map((part) => ({
        label: label(part),
        name: exact(part),
        values: [part.searches - part.without_hits, part.without_hits],
      })),
    },
    {
      title: "Latency over time",
      axis: "Local time",
      unit: "Milliseconds",
      series: ["Median", "95th percentile"],
      isNested: true,
      bars: timeline.map((part) => ({
        label: label(part),
        name: exact(part),
        values: [part.p50_ms, part.p95_ms],
      })),
    },
    {
      title: "Similarity of the best hit",
      axis: "Similarity, from",
      unit: "Searches",
      series: ["Searches"],
      empty: "No search by vectors has a similarity.",
      bars: scores.map(({ from, searches: count }) => ({
        label: from.toFixed(1),
        name: `${from.toFixed(1)} to ${(from + 0.1).toFixed(1)}`,
        values: [count],
      })),
    },
    {
      title: "Hours of the day",
      axis: "Hour, UTC",
      unit: "Searches",
      series: ["Searches"],
      bars: hours.map((count, hour) => ({ label: String(hour), name: `${hour}:00 UTC`, values: [count] })),
    },
  ];
}

function listsOf({ popular, unanswered, trending }) {
  const share = (query) => percent(query.zero_hit_rate);
  return [
    queryTable("Popular queries", ["Searches", "Users", "No hit"], popular, (one) => [
      one.searches,
      one.users,
      share(one),
    ]),
    queryTable("Trending queries", ["Recently", "Before"], trending, (one) => [one.recent, one.before]),
    queryTable("Queries without a hit", ["Searches"], unanswered, (one) => [one.searches]),
  ];
}

function queryTable(title, columns, queries, valuesOf) {
  const heading = dom.element("h3", [title]);
  if (queries.length === 0)
    return dom.element("section", [heading, dom.element("p", ["None."], { class: "soft" })]);
  const head = [["Query", {}], ...columns.map((name) => [name, { class: "number" }])].map(
    ([name, attributes]) => dom.element("th", [name], { scope: "col", ...attributes }),
  );
  const rows = queries.map((one) =>
    dom.element("tr", [
      dom.element("th", [one.query], { scope: "row" }),
      ...valuesOf(one).map((value) => dom.element("td", [String(value)], { class: "number" })),
    ]),
  );
  const table = dom.element("table", [
    dom.element("thead", [dom.element("tr", head)]),
    dom.element("tbody", rows),
  ]);
  const region = { class: "wide", role: "region", "aria-label": title, tabindex: "0" };
  return dom.element("section", [heading, dom.element("div", [table], region)]);
}
