import { ConfigurationError } from "@binnacle/core";
import { isAddress } from "../source-place.ts";
import type { IngestOptions } from "./ingest.ts";

/** Throws a `ConfigurationError` if options of `ingest` do not suit each other. */
export function checkIngest({ place, include, exclude, plan, watch }: IngestOptions): void {
  if (plan && watch) throw new ConfigurationError("--plan and --watch exclude each other; leave one out");
  if (!isAddress(place)) return;
  const flags = [
    plan ? "--plan" : "",
    watch ? "--watch" : "",
    include === undefined ? "" : "--include",
    exclude === undefined ? "" : "--exclude",
  ].filter((flag) => flag !== "");
  if (flags.length === 0) return;
  throw new ConfigurationError(`${flags.join(" and ")}: not for a page, which is fetched once; leave it out`);
}
