import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { ConfigurationError } from "@binnacle/core";
import type { RecordedSource } from "./data-directory.ts";

/** The place that a command's argument names. */
export type NamedPlace = Pick<RecordedSource, "id" | "kind" | "path">;

/** Returns true for an address of a page. */
export function isAddress(value: string): boolean {
  return /^https?:\/\//i.test(value);
}

/**
 * Finds out what an argument of `ingest` names: a page, a folder or a file. Symbolic links in the path are
 * resolved, so that one folder is never indexed under two names.
 */
export async function sourcePlace(given: string): Promise<NamedPlace> {
  if (isAddress(given)) return pagePlace(given);
  const path = await realpath(given).catch((cause: unknown) => {
    throw new ConfigurationError(`there is no folder or file at ${resolve(given)}`, { cause });
  });
  const found = await stat(path);
  if (!found.isDirectory() && !found.isFile())
    throw new ConfigurationError(`${path} is a pipe, socket or device; name a folder, a file or an address`);
  return { id: path, kind: found.isFile() ? "file" : "folder", path };
}

function pagePlace(given: string): NamedPlace {
  if (!URL.canParse(given)) throw new ConfigurationError(`${given} is not a valid address`);
  const address = new URL(given);
  if (address.username !== "" || address.password !== "")
    throw new ConfigurationError(
      "the address holds a user name or password, which the index would store; fetch the page yourself and ingest the file",
    );
  address.hash = "";
  return { id: address.href, kind: "page", path: address.href };
}
