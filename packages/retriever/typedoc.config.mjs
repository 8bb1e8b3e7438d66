import { packageOptions } from "../../typedoc.base.mjs";

export default packageOptions(import.meta.dirname, [
  "IndexMetadata",
  "FilterableMetadata",
  "IndexDefinition",
  "RedisWarningCode",
  "FittingSource",
]);
