export { abortable } from "./abortable.ts";
export { createBatcher, inBatches, type Batcher, type BatchLimits } from "./batcher.ts";
export { mapConcurrent, type MapConcurrentOptions } from "./map-concurrent.ts";
export { parseOptions } from "./parse-options.ts";
export { pointId, uuidFromName, type PointIdentity } from "./point-id.ts";
export { sleep, type SleepOptions } from "./sleep.ts";
export { denseVectorIssue, normalized, sparseVectorIssue } from "./vectors.ts";
