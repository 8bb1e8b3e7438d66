import type { ApiModule } from "../shared/api-parts.ts";
import { addCluster } from "./cluster-route.ts";
import { addDiscover } from "./discover-route.ts";
import { addExplore } from "./explore-route.ts";
import { addRecommend } from "./recommend-route.ts";
import { addSearch, addSearchBatch } from "./search-routes.ts";

/** The routes that find points. */
export const searchModule: ApiModule = async (app, { parts }) => {
  addSearch(app, parts);
  addSearchBatch(app, parts);
  addRecommend(app, parts);
  addDiscover(app, parts);
  addCluster(app, parts);
  addExplore(app, parts);
};
