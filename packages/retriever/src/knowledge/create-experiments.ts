import {
  BinnacleError,
  ConfigurationError,
  type CallOptions,
  type Collection,
  type StoredPoint,
} from "@binnacle/core";
import { metadataText } from "@binnacle/core/kit";
import { createHash } from "node:crypto";
import { parseExperimentsOptions, type ExperimentsOptions, type Variants } from "./experiment-options.ts";
import { experimentResult, type ExperimentResult, type UserOutcomes } from "./experiment-result.ts";
import { checkText } from "./knowledge-options.ts";
import { Records } from "./records.ts";

/** Tries variants on users and measures which one does better. */
export interface Experiments {
  /**
   * Returns the user's variant, and records it. A user keeps the variant, even if the weights change later.
   * Rejects with a `ConfigurationError` if there is no such experiment.
   */
  assign(experiment: string, user: string, options?: CallOptions): Promise<string>;
  /**
   * Records one outcome of the user's variant, such as the feedback or 1 for a success. Rejects with code
   * `not_assigned` if the user has no variant. Safe for concurrent calls.
   */
  record(experiment: string, user: string, outcome: number, options?: CallOptions): Promise<void>;
  /** Compares each variant with the control. Each user counts once, with the mean of the user's outcomes. */
  result(experiment: string, options?: CallOptions): Promise<ExperimentResult>;
  /** Deletes the user's assignments and outcomes. Returns the number of deleted records. */
  forget(user: string, options?: CallOptions): Promise<number>;
}

const maxAttempts = 8;
/** The records are never searched by a vector, but a collection needs a space. */
const space = { spaceId: "none", dimensions: 1 };

/** Creates experiments in any store. Does no I/O before the first call. */
export function createExperiments(options: ExperimentsOptions): Experiments {
  const { store, experiments, collection, tenant } = parseExperimentsOptions(options);
  const fields = { experiment: "keyword", variant: "keyword", user_id: "keyword" } as const;
  const spec = () => Promise.resolve({ dense: space, fields });
  const records = new Records({ store, collection, tenant, source: "experiments", spec });
  return new StoredExperiments(experiments, records);
}

class StoredExperiments implements Experiments {
  readonly #experiments: ExperimentsOptions["experiments"];
  readonly #records: Records;

  constructor(experiments: ExperimentsOptions["experiments"], records: Records) {
    this.#experiments = experiments;
    this.#records = records;
  }

  async assign(experiment: string, user: string, options: CallOptions = {}): Promise<string> {
    const variants = this.#variants("assign", experiment);
    checkText("assign", "user", user);
    const key = keyOf(experiment, user);
    const known = outcomesOf(await this.#records.get(key, options));
    if (known !== undefined) return known.variant;
    const fresh = { variant: choose(variants, key), count: 0, sum: 0 };
    if (await this.#write(experiment, user, fresh, { ...options, ifVersion: 0 })) return fresh.variant;
    // Another call assigned the user at the same time.
    return outcomesOf(await this.#records.get(key, options))?.variant ?? fresh.variant;
  }

  async record(experiment: string, user: string, outcome: number, options: CallOptions = {}): Promise<void> {
    this.#variants("record", experiment);
    checkText("record", "user", user);
    if (!Number.isFinite(outcome))
      throw new ConfigurationError(`record: \`outcome\` must be a finite number, got ${outcome}.`);
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const point = await this.#records.get(keyOf(experiment, user), options);
      const known = outcomesOf(point);
      if (point === undefined || known === undefined)
        throw new BinnacleError(
          "not_assigned",
          `record: this user has no variant of "${experiment}". Call \`assign\` first.`,
        );
      const next = { ...known, count: known.count + 1, sum: known.sum + outcome };
      if (await this.#write(experiment, user, next, { ...options, ifVersion: point.version })) return;
    }
    throw new BinnacleError(
      "version_conflict",
      `record: the outcomes of this user changed ${maxAttempts} times during the call. Try again.`,
      { retryable: true },
    );
  }

  async result(experiment: string, options: CallOptions = {}): Promise<ExperimentResult> {
    const variants = Object.keys(this.#variants("result", experiment));
    const { collection } = await this.#records.open(options);
    return experimentResult(variants, await readOutcomes(collection, experiment, options));
  }

  async forget(user: string, options: CallOptions = {}): Promise<number> {
    checkText("forget", "user", user);
    return this.#records.deleteWhere({ user_id: user }, options);
  }

  #write(
    experiment: string,
    user: string,
    { variant, count, sum }: UserOutcomes,
    { ifVersion, ...options }: CallOptions & { readonly ifVersion: number },
  ): Promise<boolean> {
    const metadata = { experiment, variant, user_id: user, count, sum };
    const dense = Float32Array.of(1);
    return this.#records.put({ key: keyOf(experiment, user), text: "", metadata, dense, ifVersion }, options);
  }

  #variants(label: string, experiment: string): Variants {
    const variants = Object.hasOwn(this.#experiments, experiment) ? this.#experiments[experiment] : undefined;
    if (variants !== undefined) return variants;
    const names = Object.keys(this.#experiments).join(", ");
    throw new ConfigurationError(`${label}: there is no experiment "${experiment}". Known are: ${names}.`);
  }
}

async function readOutcomes(
  collection: Collection,
  experiment: string,
  options: CallOptions,
): Promise<readonly UserOutcomes[]> {
  const found: UserOutcomes[] = [];
  for await (const point of collection.scan({ ...options, filter: { experiment } })) {
    const outcomes = outcomesOf(point);
    if (outcomes !== undefined) found.push(outcomes);
  }
  return found;
}

function outcomesOf(point: StoredPoint | undefined): UserOutcomes | undefined {
  if (point === undefined) return undefined;
  const { count, sum } = point.metadata;
  return { variant: metadataText(point.metadata, "variant"), count: Number(count), sum: Number(sum) };
}

function keyOf(experiment: string, user: string): string {
  return JSON.stringify([experiment, user]);
}

/** Chooses a variant by a hash, so that every process chooses the same for a new user. */
function choose(variants: Variants, key: string): string {
  const total = Object.values(variants).reduce((sum, weight) => sum + weight, 0);
  const draw = createHash("sha256").update(key).digest().readUInt32BE() / 2 ** 32;
  let left = draw * total;
  let chosen = "";
  for (const [variant, weight] of Object.entries(variants)) {
    if (weight === 0) continue;
    chosen = variant;
    left -= weight;
    if (left < 0) break;
  }
  return chosen;
}
