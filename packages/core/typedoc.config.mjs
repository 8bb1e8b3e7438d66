import { packageOptions } from "../../typedoc.base.mjs";

export default packageOptions(import.meta.dirname, ["PlannedLimits", "DegradedScope"]);
