import { BinnacleError } from "@binnacle/core";
import { failureOf, type Failure } from "../../failures.ts";
import { storeFault } from "./store-fault.ts";

/** Returns the body of a failed item, without addresses and paths of the server. */
export function itemFailure(error: unknown): Pick<Failure, "code" | "message"> {
  if (BinnacleError.isInstance(error) && itemCodes.has(error.code))
    return { code: error.code, message: error.message };
  const { code, message } = failureOf(storeFault(error));
  return { code, message };
}

/** Codes of errors that this server itself makes for an item. */
const itemCodes: ReadonlySet<string> = new Set(["invalid_image", "invalid_input"]);
