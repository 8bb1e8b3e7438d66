/**
 * Learns from feedback, keeps profiles of users, and runs experiments. Everything is kept in any `VectorStore`.
 *
 * @example
 * {@includeCode ../../../../docs/examples/retriever-knowledge.ts}
 * @module retriever/knowledge
 */
export { type Practice } from "./best-practices.ts";
export { createExperiments, type Experiments } from "./create-experiments.ts";
export {
  createKnowledge,
  type ImproveOptions,
  type Improvement,
  type Interaction,
  type Knowledge,
  type KnowledgeOptions,
  type LearnOutcome,
} from "./create-knowledge.ts";
export {
  createProfiles,
  type ObserveInterestOptions,
  type Profile,
  type Profiles,
  type ProfilesOptions,
} from "./create-profiles.ts";
export { type ExperimentsOptions, type Variants } from "./experiment-options.ts";
export { type ExperimentResult, type VariantResult } from "./experiment-result.ts";
export { formatPractices } from "./format-practices.ts";
export { type KnowledgeStoreOptions } from "./knowledge-options.ts";
export { textSimilarity } from "./text-similarity.ts";
export { type MeanDifference } from "./welch-test.ts";
