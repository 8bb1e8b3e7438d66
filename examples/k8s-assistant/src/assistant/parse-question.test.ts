import { describe, expect, test } from "vitest";
import { candidateNames, parseQuestion, type ParsedQuestion, type Vocabulary } from "./parse-question.ts";

const vocabulary: Vocabulary = {
  kinds: [
    "Deployment",
    "Pod",
    "Node",
    "NetworkPolicy",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "ConfigMap",
  ],
  namespaces: ["shop", "web"],
  nodes: ["n1"],
  images: ["nginx:1.27", "registry.example/shop/cart:3.1"],
  names: new Map([
    ["web", ["Deployment", "Namespace"]],
    ["cart", ["Deployment"]],
    ["cart-config", ["ConfigMap"]],
    ["shop", ["Ingress", "Namespace"]],
  ]),
};

function parse(question: string): Partial<ParsedQuestion> {
  const { text: _text, ...parsed } = parseQuestion(question, vocabulary);
  return Object.fromEntries(
    Object.entries(parsed).filter(
      ([, value]) => value !== undefined && (!Array.isArray(value) || value.length > 0),
    ),
  );
}

describe("a question as conditions", () => {
  test.each([
    ["How many pods are there?", { route: "count", kinds: ["Pod"] }],
    ["How many pods are in namespace shop?", { route: "count", kinds: ["Pod"], namespaces: ["shop"] }],
    [
      "how many network policies per namespace",
      { route: "count", kinds: ["NetworkPolicy"], groupBy: "namespace" },
    ],
    ["Which deployments use image nginx?", { route: "list", kinds: ["Deployment"], images: ["nginx:1.27"] }],
    ["list pvcs in shop", { route: "list", kinds: ["PersistentVolumeClaim"], namespaces: ["shop"] }],
    ["Which pods run on n1?", { route: "list", kinds: ["Pod"], nodes: ["n1"] }],
    [
      "Show deployments with label team=checkout",
      { route: "list", kinds: ["Deployment"], labels: ["team=checkout"] },
    ],
    [
      "What depends on configmap cart-config?",
      { route: "related", kinds: ["ConfigMap"], names: ["cart-config"] },
    ],
    ["Why is cart not ready?", { route: "why", names: ["cart"] }],
    ["Is cart up right now?", { route: "live", names: ["cart"] }],
    ["Where are payments taken?", { route: "find", words: ["payments", "taken"] }],
  ])("reads %j", (question, expected) => {
    const { states: _states, ...parsed } = parse(question);
    expect(parsed).toEqual(expected);
  });

  test("reads states, and the negation before the state itself", () => {
    expect(parse("which deployments are not ready").states).toContain("NotReady");
    expect(parse("which deployments are not ready").states).not.toContain("Ready");
    expect(parse("which deployments are ready").states).toEqual(["Ready"]);
  });

  test("keeps a namespace and an image that the index does not have, so that nothing matches them", () => {
    expect(parse("how many pods in namespace bank")).toMatchObject({ unknownNamespaces: ["bank"] });
    expect(parse("how many pods use image redis")).toMatchObject({ images: ["redis"] });
  });

  test("reads a namespace that is also a name by its preposition", () => {
    expect(parse("how many pods in web")).toEqual({ route: "count", kinds: ["Pod"], namespaces: ["web"] });
    expect(parse("what depends on web")).toEqual({ route: "related", names: ["web"] });
  });

  test("offers only words that may be names", () => {
    expect(candidateNames("Which pods of cart-config are there?")).toEqual(["pods", "cart-config"]);
  });
});
