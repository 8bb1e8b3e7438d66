import type { ErrorSection } from "./error-section.ts";
import { anyCall } from "./sections/any-call.ts";
import { filesAndFolders } from "./sections/files-and-folders.ts";
import { httpAndRedis } from "./sections/http-and-redis.ts";
import { kubernetes } from "./sections/kubernetes.ts";
import { modelServers } from "./sections/model-servers.ts";
import { searchAndIndex } from "./sections/search-and-index.ts";
import { stores } from "./sections/stores.ts";
import { syncRuns } from "./sections/sync-runs.ts";

/** All sections, in the order of the page. */
export const errorSections: readonly ErrorSection[] = [
  anyCall,
  modelServers,
  searchAndIndex,
  syncRuns,
  filesAndFolders,
  kubernetes,
  stores,
  httpAndRedis,
];
