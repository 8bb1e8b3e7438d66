import type { VectorStore } from "@binnacle/core";
import { parseOptions, part } from "@binnacle/core/kit";
import { z } from "zod";

/** The variants of an experiment and their weights. The first variant is the control. */
export type Variants = Readonly<Record<string, number>>;

/** Options of {@link createExperiments}. */
export interface ExperimentsOptions {
  readonly store: VectorStore;
  /** The variants of each experiment, by its name. A weight of 0 gives a variant to no new user. */
  readonly experiments: Readonly<Record<string, Variants>>;
  /** Name of the collection. @default "experiments" */
  readonly collection?: string | undefined;
  /** Confines everything to one tenant. @default no tenant */
  readonly tenant?: string | undefined;
}

const variants = z
  .record(z.string().min(1), z.number().nonnegative())
  .refine((all) => Object.keys(all).length >= 2, "expected at least two variants")
  .refine((all) => Object.values(all).some((weight) => weight > 0), "expected a weight above 0");

const schema = z.strictObject({
  store: part<VectorStore>(["collection", "ensureCollection"], "a VectorStore, such as new MemoryStore()"),
  experiments: z.record(z.string().min(1), variants),
  collection: z.string().min(1).default("experiments"),
  tenant: z.string().min(1).optional(),
});

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseExperimentsOptions(
  options: ExperimentsOptions,
): ExperimentsOptions & { readonly collection: string } {
  return { ...parseOptions("createExperiments", schema, options), store: options.store };
}
