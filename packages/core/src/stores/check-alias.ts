import { z } from "zod";
import { ConfigurationError } from "../errors/configuration-error.ts";
import { parseOptions } from "../kit/parsing/parse-options.ts";
import type { Alias } from "../spec/alias-admin.ts";
import { once } from "../kit/once.ts";
import { nameSchema } from "./spec/resolve-spec.ts";

const schema = once(() => z.strictObject({ name: nameSchema(), collection: nameSchema() }));

/** Checks the argument of `AliasAdmin.set`. Throws a `ConfigurationError` that lists every issue. */
export function checkAlias(component: string, alias: Alias): Alias {
  return parseOptions(component, schema(), alias);
}

/** The error of a call that takes the name of a collection only. Its code is `is_alias`. */
export function aliasMeant(call: string, { name, collection }: Alias): ConfigurationError {
  return new ConfigurationError(
    `${call}: "${name}" is an alias of collection "${collection}". Name the collection itself, or delete the alias with aliases.delete.`,
    { code: "is_alias" },
  );
}

/** The error for an alias with the name of a collection. Its code is `name_taken`. */
export function aliasTaken(name: string): ConfigurationError {
  return new ConfigurationError(
    `aliases.set: a collection has the name "${name}". Give the alias another name, or delete the collection first.`,
    { code: "name_taken" },
  );
}
