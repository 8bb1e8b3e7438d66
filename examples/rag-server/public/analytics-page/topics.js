import { dom } from "../dom.js";
import { requestJson } from "../request.js";
import { counted, firstWords, sizeText } from "../words.js";
import { figure } from "./searches.js";

const byId = (id) => document.getElementById(id);

/** Fills the choice of collections. Only a collection with vectors has topics. */
export async function listCollections() {
  const { collections } = await requestJson("collections?limit=100");
  const usable = collections.filter(({ dimensions, points }) => dimensions !== null && points !== null);
  byId("collection").replaceChildren(...usable.map(({ name }) => dom.element("option", [name])));
  byId("topics-form").hidden = usable.length === 0;
  byId("topics-state").textContent =
    usable.length === 0
      ? "No collection has vectors, so there are no topics. An embedding server adds them."
      : "Topics are groups of points with a similar meaning. To find them the server reads the whole collection.";
}

/** Groups the points of the chosen collection, and describes what is stored. */
export async function showTopics() {
  const collection = byId("collection").value;
  byId("topics-state").textContent = "Reading the collection…";
  const [found, stored] = await Promise.all([
    requestJson("vectors/cluster", { body: { collection, exemplars: 2 } }),
    requestJson(`analytics/vectors?${new URLSearchParams({ collection })}`),
  ]).catch((error) => {
    byId("topics-state").textContent = "";
    throw error;
  });
  const { clusters, silhouette, sampled, total } = found;
  byId("topics-state").textContent =
    clusters.length === 0
      ? `${collection} has no points yet.`
      : stateOf({ clusters, silhouette, sampled, total });
  byId("stored").replaceChildren(...figuresOf(stored).map(figure));
  byId("topics").replaceChildren(...clusters.map(topic));
}

function stateOf({ clusters, silhouette, sampled, total }) {
  const basis =
    sampled < total ? `a sample of ${sampled} of ${counted(total, "point")}` : counted(total, "point");
  const clarity = silhouette < 0.2 ? "flow into each other" : silhouette < 0.5 ? "overlap" : "are well apart";
  const verb = clusters.length === 1 ? "" : ` They ${clarity} (silhouette ${silhouette.toFixed(2)}).`;
  return `${counted(clusters.length, "topic")} in ${basis}.${verb}`;
}

function figuresOf({ points, documents, duplicates, vector_bytes, text_bytes, tokens }) {
  return [
    ["Points", points.toLocaleString("en")],
    ["Documents", documents.toLocaleString("en")],
    ["Same text twice", duplicates.toLocaleString("en")],
    ["Vectors", sizeText(vector_bytes)],
    ["Texts", sizeText(text_bytes)],
    ["Tokens per point", Math.round(tokens.mean).toLocaleString("en")],
  ];
}

function topic({ size, share, terms, exemplars }) {
  const meter = dom.element("meter", [], {
    min: "0",
    max: "1",
    value: String(share),
    "aria-label": "Share of the points",
  });
  const examples = exemplars.map(({ title, text }) => dom.element("li", [firstWords(title || text)]));
  return dom.element("li", [
    dom.element("h3", [terms.join(", ") || "No distinctive words"]),
    dom.element("p", [meter, ` ${counted(size, "point")}, ${Math.round(share * 100)} %`], { class: "soft" }),
    dom.element("ul", examples),
  ]);
}
