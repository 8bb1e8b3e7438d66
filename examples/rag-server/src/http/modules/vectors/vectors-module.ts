import type { ApiModule } from "../shared/api-parts.ts";
import { addBatch } from "./batch-route.ts";
import { addInsert } from "./insert-route.ts";
import { addPointList } from "./list-route.ts";
import { addDelete, addGet, addUpdate } from "./point-routes.ts";

/** The routes that store, read, change and delete points. */
export const vectorsModule: ApiModule = async (app, { parts }) => {
  addInsert(app, parts);
  addBatch(app, parts);
  addPointList(app, parts);
  addGet(app, parts);
  addUpdate(app, parts);
  addDelete(app, parts);
};
