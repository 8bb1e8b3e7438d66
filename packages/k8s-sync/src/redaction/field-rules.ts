import { isSensitiveName } from "./is-sensitive-name.ts";

/**
 * How the fields below a key are treated.
 *
 * - `drop`: the field is left out, because it is noise or never readable.
 * - `environment`: names stay, literal values are hidden, references stay.
 * - `command`: a command line.
 * - `headers`: names stay, values are hidden.
 * - `labels`: labels and selectors, whose values pass the patterns whatever their keys are. Relations need them.
 * - `secret`: only references, such as the name of a Secret, stay.
 * - `sealed`: nothing stays but the keys.
 * - `plain`: strings pass the patterns for secrets.
 */
export type FieldRule =
  "drop" | "environment" | "command" | "headers" | "labels" | "secret" | "sealed" | "plain";

const byName: ReadonlyMap<string, FieldRule> = new Map<string, FieldRule>([
  ["managedFields", "drop"],
  ["caBundle", "drop"],
  ["selfLink", "drop"],
  ["resourceVersion", "drop"],
  ["generation", "drop"],
  ["observedGeneration", "drop"],
  ["creationTimestamp", "drop"],
  ["uid", "drop"],
  ["command", "command"],
  ["args", "command"],
  ["headers", "headers"],
  ["requestHeaderModifier", "headers"],
  ["responseHeaderModifier", "headers"],
  ["labels", "labels"],
  ["matchLabels", "labels"],
  ["nodeSelector", "labels"],
  ["selector", "labels"],
  ["volumeAttributes", "sealed"],
  ["flexVolume", "secret"],
]);

// env, envVars, environmentVariables, extraEnv, pod_environment.
const environmentName =
  /(?:^|[a-z\d_-])(?:(?:^|(?<=[_-]))env|Env)(?:s|_?[Vv]ars?|_?[Vv]ariables?|ironment(?:_?[Vv]ars?|_?[Vv]ariables?)?)?$/;

/** Returns the rule for a field of this name, at any depth of any type. */
export function fieldRule(name: string): FieldRule {
  const known = byName.get(name);
  if (known !== undefined) return known;
  if (/headers$/i.test(name)) return "headers";
  if (environmentName.test(name)) return "environment";
  if (/[a-z](?:Args|Command)$/.test(name)) return "command";
  return isSensitiveName(name) ? "secret" : "plain";
}
