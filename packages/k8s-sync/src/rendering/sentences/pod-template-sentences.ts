import type { JsonValue } from "@binnacle/core";
import { jsonAt, listAt, numberAt, pairsAt, scalarAt, stringAt } from "../../objects/json-at.ts";
import { counted, joinWords } from "../phrases.ts";

/** Describes the containers of a pod or a pod template: images, ports, probes and limits. */
export function podTemplateSentences(podSpec: JsonValue): readonly string[] {
  const containers = listAt(podSpec, "containers");
  const init = listAt(podSpec, "initContainers");
  const words = containers.map(containerWords);
  const told = words.length === 0 ? [] : [`It runs ${joinWords(words, 6)}`];
  const prepared = init.length === 0 ? [] : [`First it runs ${joinWords(init.map(containerWords), 4)}`];
  return [...told, ...prepared, ...settings(podSpec, containers)];
}

function containerWords(container: JsonValue): string {
  const name = stringAt(container, "name") ?? "unnamed";
  const image = stringAt(container, "image");
  const ports = listAt(container, "ports").flatMap((port) => numberAt(port, "containerPort") ?? []);
  const from = image === undefined ? "" : ` from image ${image}`;
  const on =
    ports.length === 0 ? "" : ` on ${ports.length === 1 ? "port" : "ports"} ${joinWords(ports.map(String))}`;
  return `container ${name}${from}${on}`;
}

function settings(podSpec: JsonValue, containers: readonly JsonValue[]): readonly string[] {
  const unlimited = containers.filter(
    (container) => scalarAt(container, "resources", "limits", "memory") === undefined,
  );
  const unprobed = containers.filter((container) => jsonAt(container, "readinessProbe") === undefined);
  const privileged = containers.filter(
    (container) => scalarAt(container, "securityContext", "privileged") === "true",
  );
  const host = ["hostNetwork", "hostPID", "hostIPC"].filter((field) => scalarAt(podSpec, field) === "true");
  const named = (list: readonly JsonValue[]): string =>
    `${list.length === 1 ? "Container" : "Containers"} ${joinWords(list.map((item) => stringAt(item, "name") ?? ""))}`;
  const verb = (list: readonly JsonValue[]): string => (list.length === 1 ? "has" : "have");
  return [
    ...(unlimited.length === 0 ? [] : [`${named(unlimited)} ${verb(unlimited)} no memory limit`]),
    ...(unprobed.length === 0 ? [] : [`${named(unprobed)} ${verb(unprobed)} no readiness probe`]),
    ...(privileged.length === 0
      ? []
      : [`${named(privileged)} ${privileged.length === 1 ? "is" : "are"} privileged`]),
    ...(host.length === 0 ? [] : [`It uses ${joinWords(host)}`]),
    ...tolerated(podSpec),
  ];
}

function tolerated(podSpec: JsonValue): readonly string[] {
  const priority = stringAt(podSpec, "priorityClassName");
  const count = listAt(podSpec, "tolerations").filter(
    (item) => !(stringAt(item, "key") ?? "").startsWith("node.kubernetes.io/"),
  ).length;
  const selector = pairsAt(podSpec, "nodeSelector").map(([key, value]) => `${key}=${value}`);
  return [
    ...(priority === undefined ? [] : [`Its priority class is ${priority}`]),
    ...(count === 0 ? [] : [`It tolerates ${counted(count, "taint")}`]),
    ...(selector.length === 0 ? [] : [`It runs only on nodes with ${joinWords(selector)}`]),
  ];
}
