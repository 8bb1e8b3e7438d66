export { parseOptions } from "./parse-options.ts";
export { pointId, uuidFromName, type PointIdentity } from "./point-id.ts";
export { denseVectorIssue, normalized, sparseVectorIssue } from "./vectors.ts";
