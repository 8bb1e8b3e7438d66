export { reindex } from "./reindex.ts";
export {
  type ReindexOptions,
  type ReindexProgress,
  type ReindexReport,
  type ReindexSource,
} from "./reindex-options.ts";
