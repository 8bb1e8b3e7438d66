import type { JsonValue } from "@binnacle/core";
import { isJsonObject, objectAt, type JsonObject } from "../objects/json-at.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import { prunedSpec } from "./pruned-spec.ts";
import { toYaml, yamlField } from "./to-yaml.ts";

/** One part of an object as YAML. */
export interface YamlSection {
  /** The heading, such as `Spec: containers`. */
  readonly title: string;
  readonly yaml: string;
}

/** Above this length, in characters, a section is split by its fields. About 400 tokens. */
const longSection = 1_600;

/** Most characters of YAML for one object. */
const longestYaml = 24_000;

const metaFields: ReadonlySet<string> = new Set([
  "apiVersion",
  "kind",
  "metadata",
  "status",
  "data",
  "keys",
  "type",
]);

/** Kinds that the sentences tell wholly. */
const toldInSentences: ReadonlySet<string> = new Set([
  "APIService",
  "CustomResourceDefinition",
  "ConfigMap",
  "Namespace",
  "Secret",
  "ServiceAccount",
]);

/** Cuts a redacted object into sections of pruned YAML. */
export function yamlSections(object: JsonObject, resource: ResourceType): readonly YamlSection[] {
  const isShownData = resource.kind === "ConfigMap" && hasShownValues(objectAt(object, "data"));
  if (isShownData) return bounded(sectionsOf("Data", objectAt(object, "data")));
  if (toldInSentences.has(resource.kind) && resource.definition === undefined) return [];
  const fields = Object.entries(object).filter(([key]) => !metaFields.has(key));
  return bounded(fields.flatMap(([key, value]) => sectionsOf(titleOf(key), flattened(key, value))));
}

function hasShownValues(data: JsonObject): boolean {
  return Object.values(data).some((value) => value !== "(hidden)");
}

function titleOf(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}

/** Puts the fields of a pod template beside those of its workload, so that containers are a section. */
function flattened(key: string, value: JsonValue): JsonValue {
  if (key !== "spec" || !isJsonObject(value)) return value;
  const { template, ...rest } = value;
  const pod = objectAt(template, "spec");
  return Object.keys(pod).length === 0 ? value : { ...rest, ...pod };
}

function sectionsOf(title: string, value: JsonValue): readonly YamlSection[] {
  const pruned = prunedSpec(value);
  if (pruned === undefined) return [];
  if (!isJsonObject(pruned)) return [{ title, yaml: toYaml(pruned) }];
  // Each field is written once, because the fields in a row are the whole.
  const fields = Object.entries(pruned).map(([key, item]) => ({ key, yaml: yamlField(key, item) }));
  const whole = fields.map(({ yaml }) => yaml).join("\n");
  if (whole.length <= longSection) return [{ title, yaml: whole }];
  const isLong = ({ yaml }: { readonly yaml: string }): boolean => yaml.length >= longSection / 4;
  const small = fields.filter((each) => !isLong(each)).map(({ yaml }) => yaml);
  const long = fields.filter(isLong).map(({ key, yaml }) => ({ title: `${title}: ${key}`, yaml }));
  return small.length === 0 ? long : [{ title, yaml: small.join("\n") }, ...long];
}

function bounded(sections: readonly YamlSection[]): readonly YamlSection[] {
  let left = longestYaml;
  return sections.flatMap(({ title, yaml }) => {
    if (left <= 0) return [];
    const kept = yaml.slice(0, left);
    left -= yaml.length;
    const cut =
      kept.length < yaml.length ? `${kept.slice(0, kept.lastIndexOf("\n"))}\n# The rest is left out.` : kept;
    return [{ title, yaml: cut }];
  });
}
