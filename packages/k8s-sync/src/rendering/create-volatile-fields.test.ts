import { describe, expect, it } from "vitest";
import { resources } from "../fixtures/resources.ts";
import type { KubernetesObject } from "../objects/kubernetes-object.ts";
import { createObjectDescriber } from "./create-object-describer.ts";
import type { VolatileField } from "./create-volatile-fields.ts";

function widget(checked: number, phase = "Running", size = 1): KubernetesObject {
  return {
    metadata: { name: "w", namespace: "shop", uid: "u1" },
    spec: { size },
    status: { phase, checked },
  };
}

describe("a status field of an unknown type", () => {
  it("is left out and reported after it changed alone five times in a row (T51)", () => {
    const found: VolatileField[] = [];
    const describer = createObjectDescriber({ cluster: "lab", onVolatile: (field) => found.push(field) });
    const hashes = Array.from({ length: 9 }, (_, at) => describer.read(widget(at), resources.widget));
    expect(found).toEqual([{ type: "widgets.shop.example.com", path: "status.checked" }]);
    expect(new Set(hashes.slice(6).map((read) => JSON.stringify(read))).size).toBe(1);
    expect(describer.describe(widget(10), resources.widget)?.text).not.toContain("checked");
  });

  it("stays if other fields change too, or if it is the phase", () => {
    const found: VolatileField[] = [];
    const describer = createObjectDescriber({ cluster: "lab", onVolatile: (field) => found.push(field) });
    for (let at = 0; at < 12; at++) describer.read(widget(at, "Running", at), resources.widget);
    for (let at = 0; at < 12; at++)
      describer.read(widget(0, at % 2 === 0 ? "Running" : "Failed"), resources.widget);
    expect(found).toEqual([]);
  });
});
