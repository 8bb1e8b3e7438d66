import { readFileSync } from "node:fs";
import type { JsonValue } from "@binnacle/core";
import { describe, expect, it } from "vitest";
import { createFoldBook } from "../folding/create-fold-book.ts";
import { isJsonList, isJsonObject } from "../objects/json-at.ts";
import { identityOf, type KubernetesObject } from "../objects/kubernetes-object.ts";
import { objectKey } from "../objects/object-key.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import { createObjectDescriber } from "./create-object-describer.ts";

interface Recorded {
  readonly type: ResourceType;
  readonly object: KubernetesObject;
}

// Recorded from a kube-apiserver 1.36 with its controllers, a scheduler and a fake node.
const recorded: readonly Recorded[] = JSON.parse(
  readFileSync(new URL("fixtures/real-objects.json", import.meta.url), "utf8"),
);

function keyOf({ type, object }: Recorded): string {
  return objectKey({ group: type.group, kind: type.kind, ...identityOf(object) });
}

/** Describes all objects, with pods and warnings folded. */
function documentsOf(objects: readonly Recorded[]): ReadonlyMap<string, string> {
  const describer = createObjectDescriber({ cluster: "lab" });
  const book = createFoldBook();
  for (const each of objects) {
    const read = describer.read(each.object, each.type);
    if (read.type === "folded") book.put(identityOf(each.object).uid, read.folded, keyOf(each));
  }
  return new Map(
    objects.flatMap((each) => {
      const described = describer.describe(each.object, each.type, book.factsOf(keyOf(each)));
      return described === undefined ? [] : [[described.contentHash, described.text] as const];
    }),
  );
}

/** Changes everything that ticks in a quiet cluster. */
function ticked(value: JsonValue, key = ""): JsonValue {
  if (isJsonList(value)) return value.map((item) => ticked(item));
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, ticked(item, name)]));
  }
  if (key === "creationTimestamp" || key === "startTime") return value;
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)) return "2027-02-03T04:05:06Z";
  if (["resourceVersion", "manager"].includes(key)) return `${String(value)}9`;
  if (["generation", "observedGeneration"].includes(key)) return Number(value) + 7;
  return value;
}

describe("a describer of objects from a real API server", () => {
  it("describes them in sentences", async () => {
    const documents = [...documentsOf(recorded).values()];
    expect(documents.length).toBeGreaterThan(15);
    const first = documents.map((text) => text.split("\n## ")[0]?.trim()).join("\n\n");
    await expect(first + "\n").toMatchFileSnapshot("fixtures/real-objects.txt");
  });

  it("keeps their content hashes while times, versions and generations tick (T51)", () => {
    const later = recorded.map(({ type, object }) => {
      const changed = ticked(object);
      return { type, object: isJsonObject(changed) ? changed : object };
    });
    expect(JSON.stringify(later)).not.toBe(JSON.stringify(recorded));
    expect([...documentsOf(later).keys()]).toEqual([...documentsOf(recorded).keys()]);
  });
});
