import type { ApiModule } from "../shared/api-parts.ts";
import { addGenerate, addGenerateBatch } from "./generate-routes.ts";

/** The routes that generate text. */
export const inferenceModule: ApiModule = async (app, { parts }) => {
  addGenerate(app, parts);
  addGenerateBatch(app, parts);
};
