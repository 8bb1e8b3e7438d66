import { ConfigurationError } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

const kinds = ["llama-cpp", "vllm", "triton", "openai"] as const;

/** What kind of server an address belongs to. */
export type ServerKind = (typeof kinds)[number];

/** One model server, as the environment names it. */
export interface ModelServerSettings {
  readonly url: string;
  readonly model?: string | undefined;
  readonly apiKey?: string | undefined;
  /** Undefined: ask the server. */
  readonly kind?: ServerKind | undefined;
}

/** Everything that is read from the environment. */
export interface Environment {
  readonly llm?: ModelServerSettings | undefined;
  readonly embed?: ModelServerSettings | undefined;
  /** Variables that are set but that this release does not use. */
  readonly unused: readonly string[];
}

const serverSchema = z.object({
  url: z
    .url({ protocol: /^https?$/, error: "must be an http or https address" })
    .refine(
      hasNoCredentials,
      "must not hold a user name or password, which messages would show; a key goes into _API_KEY",
    ),
  model: z.string().min(1).optional(),
  apiKey: z.string().min(1).optional(),
  kind: z.enum(kinds).optional(),
});

function hasNoCredentials(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { username, password } = new URL(url);
  return username === "" && password === "";
}

/** Reads `BINNACLE_LLM_*` and `BINNACLE_EMBED_*`; an empty variable counts as not set. */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  return {
    llm: readServer(variables, "BINNACLE_LLM"),
    embed: readServer(variables, "BINNACLE_EMBED"),
    unused: ["QDRANT_URL", "REDIS_URL"].filter((name) => isSet(variables[name])),
  };
}

function readServer(variables: NodeJS.ProcessEnv, prefix: string): ModelServerSettings | undefined {
  const value = (suffix: string): string | undefined => variables[`${prefix}_${suffix}`] || undefined;
  const given = { model: value("MODEL"), apiKey: value("API_KEY"), kind: value("KIND") };
  const url = value("URL");
  if (url !== undefined) return parseOptions(`${prefix}_*`, serverSchema, { url, ...given });
  const lonely = Object.entries(given).filter(([, setting]) => setting !== undefined);
  if (lonely.length === 0) return undefined;
  throw new ConfigurationError(
    `${prefix}_URL is not set, but other ${prefix}_ variables are; set it or unset them`,
  );
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
