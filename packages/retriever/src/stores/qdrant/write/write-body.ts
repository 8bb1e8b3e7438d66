import type { EpochStep } from "./epoch-chain.ts";
import type { EncodedItem } from "./write-items.ts";

/** Returns the body of `points/batch`: the writes in order, between the operations that change the epochs. */
export function writeBody(
  items: readonly EncodedItem[],
  { before, after }: EpochStep,
): Uint8Array<ArrayBuffer> {
  const operations = [
    ...before.map((each) => [Buffer.from(JSON.stringify(each))]),
    ...groups(items).map(operation),
    ...after.map((each) => [Buffer.from(JSON.stringify(each))]),
  ];
  // Joined once: a body may have 16 MiB.
  return Buffer.concat([
    Buffer.from('{"operations":['),
    ...operations.flatMap((pieces, i) => (i > 0 ? [comma, ...pieces] : pieces)),
    Buffer.from("]}"),
  ]);
}

const comma = Buffer.from(",");

/** The JSON of an operation, in pieces. */
function operation(group: readonly [EncodedItem, ...EncodedItem[]]): readonly Buffer[] {
  const [first] = group;
  const list = group.flatMap(({ json }, i) => (i > 0 ? [comma, json] : [json]));
  switch (first.kind) {
    case "point":
      return [Buffer.from('{"upsert":{"points":['), ...list, Buffer.from("]}}")];
    case "delete":
      return [Buffer.from('{"delete":{"points":['), ...list, Buffer.from("]}}")];
    case "operation":
      return list;
    default:
      return first.kind satisfies never;
  }
}

/** Returns runs of writes that can share an operation. They have the same kind and no id twice, because
 * one operation has no order. */
function groups(items: readonly EncodedItem[]): readonly (readonly [EncodedItem, ...EncodedItem[]])[] {
  const found: [EncodedItem, ...EncodedItem[]][] = [];
  let ids = new Set<string>();
  for (const item of items) {
    const last = found.at(-1);
    if (last && item.kind !== "operation" && last[0].kind === item.kind && !ids.has(item.id)) {
      last.push(item);
    } else {
      found.push([item]);
      ids = new Set();
    }
    ids.add(item.id);
  }
  return found;
}
