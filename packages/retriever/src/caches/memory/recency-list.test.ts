import fc from "fast-check";
import { expect, test } from "vitest";
import { RecencyList, type Linked } from "./recency-list.ts";

class Entry implements Linked<Entry> {
  older: Entry | undefined;
  newer: Entry | undefined;
  readonly name: number;
  constructor(name: number) {
    this.name = name;
  }
}

test("keeps the entries in the order of their last use after any steps (T37)", () => {
  const steps = fc.array(fc.tuple(fc.constantFrom("use", "remove"), fc.nat(5)), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (done) => {
      const list = new RecencyList<Entry>();
      const entries = new Map<number, Entry>();
      const naive: number[] = [];
      for (const [action, name] of done) {
        const known = entries.get(name);
        if (known !== undefined) naive.splice(naive.indexOf(name), 1);
        if (action === "remove") {
          if (known !== undefined) list.remove(known);
          entries.delete(name);
          continue;
        }
        naive.push(name);
        if (known !== undefined) list.touch(known);
        else {
          const entry = new Entry(name);
          entries.set(name, entry);
          list.add(entry);
        }
      }
      const order: number[] = [];
      for (let entry = list.oldest; entry !== undefined; entry = list.oldest) {
        order.push(entry.name);
        list.remove(entry);
      }
      expect(order).toEqual(naive);
    }),
  );
});
