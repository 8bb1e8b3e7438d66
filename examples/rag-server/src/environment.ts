import { ConfigurationError } from "@binnacle/core";
import { blockedPortIssue, parseOptions } from "@binnacle/core/kit";
import { bm25Languages, type Bm25Language } from "@binnacle/retriever";
import { z } from "zod";
import { serverAddresses } from "./server-root.ts";

const kinds = ["llama-cpp", "vllm", "triton", "openai"] as const;

/** Kind of a model server. */
export type ServerKind = (typeof kinds)[number];

/** Settings of one model server from the environment. */
export interface ModelServerSettings {
  /** Address, or several addresses with commas between them. */
  readonly url: string;
  readonly model?: string | undefined;
  readonly apiKey?: string | undefined;
  /** Undefined: the server is asked. */
  readonly kind?: ServerKind | undefined;
}

/** Settings of an embedding server, with its model's prefixes and minimum score. */
export interface EmbeddingServerSettings extends ModelServerSettings {
  /** Prefix of every query, as the model was trained with. */
  readonly queryPrefix?: string | undefined;
  readonly documentPrefix?: string | undefined;
  /** Similarity below which this model's hits are noise. */
  readonly suggestedMinScore?: number | undefined;
}

/** Settings of the Qdrant server from the environment. */
export interface QdrantSettings {
  readonly url: string;
  readonly apiKey?: string | undefined;
}

/** Settings of Redis from the environment. */
export interface RedisSettings {
  /** One server, or some nodes of a cluster. */
  readonly urls: readonly string[];
}

/** All settings from the environment. */
export interface Environment {
  readonly llm?: ModelServerSettings | undefined;
  readonly embed?: EmbeddingServerSettings | undefined;
  /** The Qdrant server that holds the index. Undefined: a file in the data directory. */
  readonly qdrant?: QdrantSettings | undefined;
  /** The Redis server that caches vectors. Undefined: vectors are not cached. */
  readonly redis?: RedisSettings | undefined;
  /** The Redis server that holds the jobs. Undefined: this process holds and does them. */
  readonly queue?: { readonly url: string } | undefined;
  /** True: answers of the model are cached, in Redis if there is one, else in the memory of this process. */
  readonly cachesAnswers: boolean;
  /** Language of the documents for the lexical search. Undefined: English. */
  readonly language?: Bm25Language | undefined;
}

const address = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .refine(
    hasNoCredentials,
    "must not hold a user name or password, which messages would show; a key goes into _API_KEY",
  )
  .superRefine((url, context) => {
    const message = blockedPortIssue(url);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

/** One address, or several servers of the same model with commas between them. */
const addresses = z.string().superRefine((urls, context) => {
  const found = serverAddresses(urls).map((url) => address.safeParse(url));
  const issues =
    found.length === 0
      ? address.safeParse("").error?.issues
      : found.flatMap((one) => one.error?.issues ?? []);
  for (const { message } of issues ?? []) context.addIssue({ code: "custom", message });
});

const serverSchema = z.object({
  url: addresses,
  model: z.string().min(1).optional(),
  apiKey: z.string().min(1).optional(),
  kind: z.enum(kinds).optional(),
});

const qdrantSchema = serverSchema.pick({ apiKey: true }).extend({ url: address });

// Redis has its password in its address. No message shows it.
const notRedis = "must be an address such as redis://localhost:6379";
const redisUrl = z.url({ protocol: /^rediss?$/, error: notRedis });
const isRedis = (url: string): boolean => redisUrl.safeParse(url).success;
const queueSchema = z.object({ url: redisUrl });
/** Several addresses with commas between them are nodes of a cluster. */
const redisSchema = z
  .object({ url: z.string().refine((urls) => urls.split(",").every(isRedis), notRedis) })
  .transform(({ url }) => ({ urls: url.split(",") }));

const embeddingSchema = serverSchema.extend({
  queryPrefix: z.string().optional(),
  documentPrefix: z.string().optional(),
  suggestedMinScore: z.coerce.number().min(-1).max(1).optional(),
});

function hasNoCredentials(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { username, password } = new URL(url);
  return username === "" && password === "";
}

/**
 * Reads `BINNACLE_LLM_*`, `BINNACLE_EMBED_*`, `BINNACLE_CACHE_ANSWERS`, `BINNACLE_LANGUAGE`, `QDRANT_URL`, `QDRANT_API_KEY`,
 * `REDIS_URL` and `QUEUE_REDIS_URL`. An empty variable counts as unset.
 */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  return {
    llm: readServer(variables, "BINNACLE_LLM", serverSchema, serverVariables),
    embed: readServer(variables, "BINNACLE_EMBED", embeddingSchema, embeddingVariables),
    qdrant: readServer(variables, "QDRANT", qdrantSchema, { apiKey: "API_KEY" }),
    redis: readServer(variables, "REDIS", redisSchema, {}),
    queue: readServer(variables, "QUEUE_REDIS", queueSchema, {}),
    cachesAnswers: readSwitch("BINNACLE_CACHE_ANSWERS", variables),
    language: readLanguage(variables["BINNACLE_LANGUAGE"]),
  };
}

const serverVariables = { model: "MODEL", apiKey: "API_KEY", kind: "KIND" };
const embeddingVariables = {
  ...serverVariables,
  queryPrefix: "QUERY_PREFIX",
  documentPrefix: "DOCUMENT_PREFIX",
  suggestedMinScore: "MIN_SCORE",
};

function readServer<T>(
  variables: NodeJS.ProcessEnv,
  prefix: string,
  schema: z.ZodType<T>,
  suffixes: Readonly<Record<string, string>>,
): T | undefined {
  const value = (suffix: string): string | undefined => variables[`${prefix}_${suffix}`] || undefined;
  const given = Object.entries(suffixes).map(([name, suffix]) => [name, value(suffix)] as const);
  const url = value("URL");
  if (url !== undefined) return parseOptions(`${prefix}_*`, schema, { url, ...Object.fromEntries(given) });
  if (given.every(([, setting]) => setting === undefined)) return undefined;
  throw new ConfigurationError(
    `${prefix}_URL is not set, but other ${prefix}_ variables are; set it or unset them`,
  );
}

function readLanguage(given: string | undefined): Bm25Language | undefined {
  if (!isSet(given)) return undefined;
  const language = bm25Languages.find((one) => one === given);
  if (language !== undefined) return language;
  throw new ConfigurationError(
    `BINNACLE_LANGUAGE is "${given}"; it may be one of ${bm25Languages.join(", ")}`,
  );
}

function readSwitch(name: string, variables: NodeJS.ProcessEnv): boolean {
  const given = variables[name];
  if (given === "yes") return true;
  if (given === "no" || !isSet(given)) return false;
  throw new ConfigurationError(`${name} is "${given}"; it may be yes or no`);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
