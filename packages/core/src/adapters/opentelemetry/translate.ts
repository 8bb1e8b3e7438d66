import type { Attributes as OtelAttributes } from "@opentelemetry/api";
import type { Attributes, TelemetryUnit } from "../../spec/telemetry.ts";
import { instrumentConventions, spanConventions, type Convention } from "./conventions.ts";

const none: Convention = { ours: /^/, attributes: {} };

/** Returns the convention of a span. */
export function conventionOfSpan(name: string): Convention {
  return spanConventions.find(({ ours }) => ours.test(name)) ?? none;
}

/** Returns the convention of an instrument. */
export function conventionOfInstrument(name: string): Convention {
  return instrumentConventions.find(({ ours }) => ours.test(name)) ?? none;
}

/**
 * Returns the attributes under the convention's names. An attribute without such a name gets the prefix
 * `binnacle`, so that it never collides with a name of OpenTelemetry.
 */
export function translateAttributes(convention: Convention, attributes: Attributes = {}): OtelAttributes {
  const result: OtelAttributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const target = convention.attributes[name] ?? (name.includes(".") ? name : `binnacle.${name}`);
    // The convention has a list of reasons, one for each choice, and times in seconds.
    if (target === "gen_ai.response.finish_reasons") result[target] = [String(value)];
    else result[target] = name.endsWith("_ms") && typeof value === "number" ? value / 1000 : value;
  }
  return result;
}

/** Returns the span's name: the operation, and the model or the collection if it is known. */
export function spanName(name: string, convention: Convention, attributes: Attributes = {}): string {
  if (convention === none) return name;
  const operation = convention.theirs ?? name.slice(name.lastIndexOf(".") + 1);
  const target = attributes["collection"] ?? attributes["model"];
  return target === undefined ? operation : `${operation} ${String(target)}`;
}

/** Units in the notation of UCUM, which OpenTelemetry uses. */
export const ucum: Readonly<Record<TelemetryUnit, string>> = {
  ms: "s",
  bytes: "By",
  tokens: "{token}",
  items: "{item}",
  ratio: "1",
};
