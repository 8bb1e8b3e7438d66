import type { ClusterReader } from "@binnacle/k8s-sync";
import { expect, test } from "vitest";
import { createAccessCheck } from "./access-check.ts";
import type { ObjectRow } from "./object-row.ts";

const row = (name: string): ObjectRow => ({
  documentId: name,
  kind: "Pod",
  group: "",
  resource: "pods",
  namespace: "shop",
  name,
  key: name,
  state: undefined,
  images: [],
  nodes: [],
  labels: [],
  warnings: [],
  resourceVersion: "1",
});

/** Lets an asker read all objects but the hidden ones, and counts the questions. */
function readerThatHides(hidden: string): {
  reader: () => Promise<Pick<ClusterReader, "mayRead">>;
  asked: number;
} {
  const counted = {
    asked: 0,
    reader: () =>
      Promise.resolve({
        mayRead: (names: readonly { readonly name: string }[]) => {
          counted.asked += names.length;
          return Promise.resolve(names.map(({ name }) => name !== hidden));
        },
      }),
  };
  return counted;
}

test("leaves out what the asker may not read, and what it did not check", async () => {
  const counted = readerThatHides("web-7");
  const access = createAccessCheck(counted.reader, {});
  const rows = Array.from({ length: 450 }, (_, each) => row(`web-${each}`));
  expect(await access.allowed(rows)).toHaveLength(449);
  const more = Array.from({ length: 80 }, (_, each) => row(`api-${each}`));
  expect(await access.allowed(more)).toHaveLength(50);
  expect(counted.asked).toBe(500);
  expect(access).toMatchObject({ withheld: 1, unchecked: 30 });
});

test("lets every object pass without a reader", async () => {
  const access = createAccessCheck(undefined, {});
  const rows = Array.from({ length: 600 }, (_, each) => row(`web-${each}`));
  expect(await access.allowed(rows)).toHaveLength(600);
  expect(access).toMatchObject({ withheld: 0, unchecked: 0 });
});
