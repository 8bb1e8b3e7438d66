import type { JsonValue } from "@binnacle/core";
import { listAt, objectAt, pairsAt, scalarAt, stringAt, stringsAt } from "../../objects/json-at.ts";
import { counted, joinWords } from "../phrases.ts";
import type { SentenceTemplate } from "../sentence-template.ts";
import { selectorWords } from "./selector-words.ts";

const service: SentenceTemplate = ({ spec, status }) => {
  const type = stringAt(spec, "type") ?? "ClusterIP";
  const ports = listAt(spec, "ports").map(portWords);
  const headless = stringAt(spec, "clusterIP") === "None" ? "headless " : "";
  const external = stringAt(spec, "externalName");
  const addresses = listAt(status, "loadBalancer", "ingress").flatMap(
    (item) => stringAt(item, "ip") ?? stringAt(item, "hostname") ?? [],
  );
  const pending = type === "LoadBalancer" && addresses.length === 0;
  const selected = pairsAt(spec, "selector").length > 0;
  return [
    `is a ${headless}${type} service${ports.length === 0 ? "" : ` on ${joinWords(ports)}`}`,
    ...(external === undefined ? [] : [`It stands for the external name ${external}`]),
    ...(selected || external !== undefined ? [] : ["It selects no pods by itself"]),
    ...(addresses.length === 0 ? [] : [`Its external address is ${joinWords(addresses)}`]),
    ...(pending ? ["It has no external address yet"] : []),
  ];
};

function portWords(port: JsonValue): string {
  const number = scalarAt(port, "port") ?? "?";
  const target = scalarAt(port, "targetPort");
  const name = stringAt(port, "name");
  const node = scalarAt(port, "nodePort");
  const protocol = stringAt(port, "protocol") ?? "TCP";
  return [
    `port ${number}`,
    protocol === "TCP" ? "" : ` ${protocol}`,
    name === undefined ? "" : ` (${name})`,
    target === undefined || target === number ? "" : ` to target port ${target}`,
    node === undefined ? "" : `, node port ${node}`,
  ].join("");
}

const ingress: SentenceTemplate = ({ spec, status }) => {
  const hosts = listAt(spec, "rules").map((rule) => stringAt(rule, "host") ?? "every host");
  const tls = listAt(spec, "tls").flatMap((item) => stringsAt(item, "hosts"));
  const controller = stringAt(spec, "ingressClassName");
  const addresses = listAt(status, "loadBalancer", "ingress").flatMap(
    (item) => stringAt(item, "ip") ?? stringAt(item, "hostname") ?? [],
  );
  return [
    hosts.length === 0 ? "has no rules" : `serves ${joinWords([...new Set(hosts)])}`,
    ...(controller === undefined ? [] : [`Its ingress class is ${controller}`]),
    ...(tls.length === 0 ? ["It has no TLS"] : [`It ends TLS for ${joinWords(tls)}`]),
    ...(addresses.length === 0 ? ["It has no address yet"] : [`Its address is ${joinWords(addresses)}`]),
  ];
};

const networkPolicy: SentenceTemplate = ({ spec }) => {
  const pods = selectorWords(objectAt(spec, "podSelector"));
  const types = stringsAt(spec, "policyTypes");
  const directions = types.length === 0 ? ["Ingress"] : types;
  const rules = directions.map((direction) => {
    const list = listAt(spec, direction.toLowerCase());
    const word = direction === "Ingress" ? "incoming" : "outgoing";
    if (list.length === 0) return `It denies all ${word} traffic`;
    return `It allows ${word} traffic ${joinWords(
      list.map((rule) => ruleWords(rule, direction)),
      6,
    )}`;
  });
  return [`restricts ${pods === "" ? "all pods of its namespace" : `pods with ${pods}`}`, ...rules];
};

function ruleWords(rule: JsonValue, direction: string): string {
  const peers = listAt(rule, direction === "Ingress" ? "from" : "to").map(peerWords);
  const ports = listAt(rule, "ports").map(
    (port) => `${stringAt(port, "protocol") ?? "TCP"} ${scalarAt(port, "port") ?? "any"}`,
  );
  const preposition = direction === "Ingress" ? "from" : "to";
  const who = peers.length === 0 ? `${preposition} everywhere` : `${preposition} ${joinWords(peers, 6)}`;
  return ports.length === 0 ? who : `${who} on ${joinWords(ports, 6)}`;
}

function peerWords(peer: JsonValue): string {
  const block = stringAt(peer, "ipBlock", "cidr");
  if (block !== undefined) return block;
  const pods = selectorWords(objectAt(peer, "podSelector"));
  const spaces = selectorWords(objectAt(peer, "namespaceSelector"));
  const inSpaces = spaces === "" ? "" : ` in namespaces with ${spaces}`;
  return `${pods === "" ? "all pods" : `pods with ${pods}`}${inSpaces}`;
}

const route: SentenceTemplate = ({ spec }) => {
  const hosts = stringsAt(spec, "hostnames");
  return [
    `routes ${hosts.length === 0 ? "every host" : joinWords(hosts)} by ${counted(listAt(spec, "rules").length, "rule")}`,
  ];
};

const gateway: SentenceTemplate = ({ spec }) => {
  const listeners = listAt(spec, "listeners").map(
    (item) =>
      `${stringAt(item, "protocol") ?? "?"} ${scalarAt(item, "port") ?? "?"} for ${stringAt(item, "hostname") ?? "every host"}`,
  );
  return [
    `listens on ${joinWords(listeners)}`,
    `Its class is ${stringAt(spec, "gatewayClassName") ?? "unknown"}`,
  ];
};

const ingressClass: SentenceTemplate = ({ spec }) => [
  `is served by controller ${stringAt(spec, "controller") ?? "unknown"}`,
];

/** The templates of network objects. */
export const networkSentences: Readonly<Record<string, SentenceTemplate>> = {
  Service: service,
  "Ingress.networking.k8s.io": ingress,
  "NetworkPolicy.networking.k8s.io": networkPolicy,
  "IngressClass.networking.k8s.io": ingressClass,
  "HTTPRoute.gateway.networking.k8s.io": route,
  "GRPCRoute.gateway.networking.k8s.io": route,
  "Gateway.gateway.networking.k8s.io": gateway,
};
