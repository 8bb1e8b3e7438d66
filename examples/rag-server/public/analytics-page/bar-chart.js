import { dom } from "../dom.js";

// Plain SVG: few bars, drawn once, whose colours follow the style sheet. A library would be larger than the page.
const size = { width: 480, height: 220, left: 52, right: 8, top: 12, bottom: 44 };
const plotWidth = size.width - size.left - size.right;
const plotHeight = size.height - size.top - size.bottom;
const mostLabels = 8;

/**
 * Creates a chart of bars with axis titles, and the same numbers as a table. Several series are stacked, or drawn
 * inside each other if the values include each other.
 */
export function barChart({ title, axis, unit, series, bars, isNested = false, empty }) {
  const tops = bars.map(({ values }) => (isNested ? Math.max(...values) : sum(values)));
  const most = Math.max(...tops);
  const heading = dom.element("h3", [title]);
  if (most === 0) {
    const note = dom.element("p", [empty ?? "No searches in this period."], { class: "soft" });
    return dom.element("section", [heading, note]);
  }
  const scale = niceSteps(most);
  const picture = svg(
    "svg",
    [...yAxis(scale, unit), ...xAxis(bars, axis), ...bars.flatMap(barsAt(scale, isNested))],
    {
      viewBox: `0 0 ${size.width} ${size.height}`,
      role: "img",
      "aria-label": `${title}. ${summaryOf({ bars, tops, unit })}`,
    },
  );
  const legend = series.length === 1 ? [] : [legendOf(series)];
  return dom.element("section", [heading, ...legend, picture, tableOf({ title, axis, series, bars, unit })]);
}

/** Returns the top of the axis and its steps: 1, 2 or 5 times a power of ten. */
export function niceSteps(most) {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough);
  return { step, top: Math.ceil(most / step - 1e-9) * step };
}

function yAxis({ step, top }, unit) {
  const lines = [];
  for (let at = 0; at <= top + step / 2; at += step) {
    const y = yOf(at, top);
    lines.push(svg("line", [], { x1: size.left, x2: size.width - size.right, y1: y, y2: y, class: "grid" }));
    const attributes = { x: size.left - 6, y: y + 4, "text-anchor": "end" };
    lines.push(svg("text", [Number(at.toPrecision(6)).toLocaleString("en")], attributes));
  }
  const middle = size.top + plotHeight / 2;
  const title = {
    x: 12,
    y: middle,
    "text-anchor": "middle",
    transform: `rotate(-90 12 ${middle})`,
    class: "axis",
  };
  return [...lines, svg("text", [unit], title)];
}

function xAxis(bars, axis) {
  const every = Math.ceil(bars.length / mostLabels);
  const labels = bars.flatMap(({ label }, at) =>
    at % every === 0
      ? [
          svg("text", [label], {
            x: xOf(at + 0.5, bars.length),
            y: size.height - 26,
            "text-anchor": "middle",
          }),
        ]
      : [],
  );
  const title = { x: size.left + plotWidth / 2, y: size.height - 6, "text-anchor": "middle", class: "axis" };
  return [...labels, svg("text", [axis], title)];
}

/** Returns a function that draws the bars of one place. Its tooltip has the exact values. */
function barsAt({ top }, isNested) {
  return ({ name, values }, at, { length }) => {
    const [left, right] = [xOf(at + 0.12, length), xOf(at + 0.88, length)];
    let base = 0;
    const order = isNested
      ? values.map((value, kind) => [value, kind]).reverse()
      : values.map((value, kind) => [value, kind]);
    const drawn = order.map(([value, kind]) => {
      const from = isNested ? 0 : base;
      base += value;
      const [y, end] = [yOf(from + value, top), yOf(from, top)];
      const box = {
        x: left,
        width: right - left,
        y,
        height: Math.max(0, end - y),
        class: `bar kind-${kind}`,
      };
      return svg("rect", [svg("title", [`${name}: ${values.map(shown).join(", ")}`])], box);
    });
    return drawn;
  };
}

function summaryOf({ bars, tops, unit }) {
  const highest = tops.indexOf(Math.max(...tops));
  return `The highest bar is ${shown(tops[highest])} ${unit.toLowerCase()}, at ${bars[highest].name}. The table below has all values.`;
}

function tableOf({ title, axis, series, bars, unit }) {
  const columns = series.length === 1 ? [unit] : series.map((name) => `${name} (${unit.toLowerCase()})`);
  const head = [axis, ...columns].map((name, at) =>
    dom.element("th", [name], { scope: "col", ...numeric(at) }),
  );
  const rows = bars.map(({ name, values }) =>
    dom.element("tr", [
      dom.element("th", [name], { scope: "row" }),
      ...values.map((value) => dom.element("td", [shown(value)], { class: "number" })),
    ]),
  );
  const table = dom.element("table", [
    dom.element("thead", [dom.element("tr", head)]),
    dom.element("tbody", rows),
  ]);
  const region = { class: "wide", role: "region", "aria-label": `${title}, as a table`, tabindex: "0" };
  return dom.element("details", [
    dom.element("summary", ["As a table"]),
    dom.element("div", [table], region),
  ]);
}

function legendOf(series) {
  const items = series.map((name, kind) =>
    dom.element("li", [dom.element("span", [], { class: `swatch kind-${kind}` }), name]),
  );
  return dom.element("ul", items, { class: "legend" });
}

function numeric(at) {
  return at === 0 ? {} : { class: "number" };
}

function shown(value) {
  return Number(value.toFixed(value < 10 ? 1 : 0)).toLocaleString("en");
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

function xOf(at, count) {
  return size.left + (plotWidth * at) / count;
}

function yOf(value, top) {
  return size.top + plotHeight * (1 - value / top);
}

function svg(tag, children, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes ?? {})) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
