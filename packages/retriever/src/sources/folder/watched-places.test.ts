import { stat } from "node:fs/promises";
import { expect, test } from "vitest";
import { nodeFileSystem } from "./file-system.ts";
import { WatchedPlaces } from "./watched-places.ts";

test("watches at most 32,768 places and releases all watches after that", async () => {
  const stats = await stat(import.meta.dirname, { bigint: true });
  let open = 0;
  const failures: unknown[] = [];
  const watch = (): (() => void) => {
    open += 1;
    return () => void (open -= 1);
  };
  const places: WatchedPlaces = new WatchedPlaces(
    "/root",
    { ...nodeFileSystem, watchesBelow: false, watch },
    {
      change: () => undefined,
      failure: (error) => {
        failures.push(error);
        places.close();
      },
    },
  );
  for (let i = 0; i < 32_768; i++) places.visit({ path: `${i}`, stats, isLink: false });
  expect([open, failures]).toEqual([32_768, []]);
  for (let i = 0; i < 3; i++) places.visit({ path: `more-${i}`, stats, isLink: false });
  expect([open, failures]).toEqual([0, [new Error("it contains more than 32768 folders")]]);
});
