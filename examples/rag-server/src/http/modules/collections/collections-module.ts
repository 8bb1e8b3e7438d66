import type { ApiModule } from "../shared/api-parts.ts";
import { addCreate, addDelete, addDescribe, addList } from "./collection-routes.ts";
import { addRestore } from "./restore-route.ts";
import { addDownload, addSnapshot, addSnapshotDelete, addSnapshots } from "./snapshot-routes.ts";
import { addUpdate } from "./update-route.ts";

/** The routes that manage collections and their snapshots. */
export const collectionsModule: ApiModule = async (app, { parts }) => {
  addCreate(app, parts);
  addList(app, parts);
  addDescribe(app, parts);
  addUpdate(app, parts);
  addDelete(app, parts);
  addSnapshot(app, parts);
  addSnapshots(app, parts);
  addDownload(app, parts);
  addSnapshotDelete(app, parts);
  await addRestore(app, parts);
};
