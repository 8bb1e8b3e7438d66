import { filterPredicate, parseFilter, resolveSpec } from "@binnacle/core/stores";

const spec = resolveSpec(
  "ensureCollection",
  { name: "pages", dense: { spaceId: "model@1", dimensions: 384 }, fields: { year: "integer" } },
  { metrics: ["cosine"], maxDimensions: 4096, sparse: false, idfScopes: [] },
);
const filter = parseFilter({ year: { $gte: 2024 } }, spec.fields); // a misspelt field throws
const chooses = filterPredicate(filter);
console.log([2023, 2026].filter((year) => chooses({ year })));
