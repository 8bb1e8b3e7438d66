import { isDeepStrictEqual } from "node:util";
import type { Collection, Metadata } from "@binnacle/core";
import { exactly, shown, type Experiment, type Figure } from "../experiment.ts";
import { storesMissing, withStores } from "./opened-stores.ts";
import { roundTrip, spec, untyped } from "./row-points.ts";
import { TriedCalls } from "./tried-calls.ts";

/** Names that are special somewhere. JSON, because a literal `__proto__` sets the prototype. */
const keys: Readonly<Record<string, string>> = {
  __proto__: '{"__proto__":{"polluted":true}}',
  "nested __proto__": '{"a":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}',
  constructor: '{"constructor":1,"prototype":2,"hasOwnProperty":3,"toString":4,"valueOf":5}',
  dots: '{"a.b":1,"a":{"b":2},"a[0]":3,"a[].b":4,"$and":5,"$set":6}',
  "own names of stores":
    '{"_v":1,"_t":"x","_i":"y","_l":9,"_e":["kind"],"_j":"{}","m":{"kind":"z"},"sourceId":"s"}',
  empty: '{"":1," ":2}',
  "depth of 30": `{"a":${"[".repeat(29)}1${"]".repeat(29)}}`,
  numbers: '{"a":[0,-0.0,1e-324,1.7976931348623157e308,9007199254740993,0.1,1e21]}',
  "empty values": '{"a":[],"b":{},"c":null,"d":[null],"e":"","f":false}',
};

const refusedValues: Readonly<Record<string, () => unknown>> = {
  "depth of 10,000": () => ({ a: JSON.parse(`${"[".repeat(10_000)}${"]".repeat(10_000)}`) }),
  cycle: () => {
    const value: Record<string, unknown> = {};
    value["self"] = value;
    return value;
  },
  bigint: () => ({ a: 5n }),
  Date: () => ({ a: new Date(0) }),
  "a function": () => ({ a: () => 1 }),
  symbol: () => ({ a: Symbol("s") }),
  Map: () => ({ a: new Map([["a", 1]]) }),
  NaN: () => ({ a: NaN }),
  "another prototype": () => ({ a: Object.create({ polluted: true }) }),
  "a list": () => [1],
};

/** SB-V3: metadata that attacks prototypes, stacks and encoders. */
export const hostileMetadata: Experiment = {
  title: "metadata with special names, depth, cycles and values that are not JSON, in every store",
  missing: storesMissing,
  run: () =>
    withStores(async (stores) => {
      const figures: Figure[] = [];
      for (const { name, store } of stores) {
        const tried = new TriedCalls();
        const before = Object.getOwnPropertyNames(Object.prototype).length;
        await store.ensureCollection(spec);
        const collection = store.collection(spec.name);
        for (const [label, json] of Object.entries(keys))
          await tried.equal(label, () => isKept(collection, JSON.parse(json)));
        for (const [label, make] of Object.entries(refusedValues))
          await tried.refused(label, () => roundTrip(collection, untyped(make())));
        await tried.equal("a getter", () => isReadOnce(collection));
        figures.push(
          exactly(`changes of Object.prototype by ${name}`, polluted(before), 0, "properties"),
          exactly(`values that ${name} changed`, tried.changed, 0, "values"),
          exactly(`values that ${name} accepted`, tried.accepted, 0, "values"),
          exactly(`errors of ${name} without a type, stack overflows included`, tried.crashed, 0, "errors"),
          shown(`values tried in ${name}`, tried.cases, "values"),
        );
      }
      return figures;
    }),
};

function polluted(before: number): number {
  return Object.getOwnPropertyNames(Object.prototype).length - before + ("polluted" in {} ? 1 : 0);
}

async function isKept(collection: Collection, metadata: Metadata): Promise<boolean> {
  const found = await roundTrip(collection, metadata);
  return isDeepStrictEqual(JSON.parse(JSON.stringify(found)), JSON.parse(JSON.stringify(metadata)));
}

/** A getter is a value or refused; what is stored must be valid either way. */
async function isReadOnce(collection: Collection): Promise<boolean> {
  let reads = 0;
  const metadata = {
    get kind() {
      reads += 1;
      return `read ${reads}`;
    },
  };
  const found = await roundTrip(collection, metadata);
  return (
    typeof found?.["kind"] === "string" && (await collection.count({ filter: { kind: found["kind"] } })) === 1
  );
}
