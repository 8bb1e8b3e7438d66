import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kubelabMissing, startKubelab } from "../servers/kubelab.ts";
import { openCluster } from "./cluster.ts";
import { findCanaries, isBlind } from "./find-canaries.ts";
import { indexCanaries } from "./index-canaries.ts";
import { plantCanaries } from "./plant-canaries.ts";

const missing = kubelabMissing("own");

describe.skipIf(missing !== undefined)(
  `an index of a real API server${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    it("shows no planted secret, with one in each hiding place (T40)", { timeout: 180_000 }, async () => {
      const lab = await startKubelab({ own: true });
      const folder = mkdtempSync(join(tmpdir(), "binnacle-canaries-"));
      const cluster = await openCluster(lab.kubeconfig);
      try {
        const planted = await plantCanaries(cluster, 50);
        const seen = await indexCanaries(lab.kubeconfig, folder);
        expect(isBlind(seen)).toBe(false);
        expect(findCanaries(planted, seen)).toEqual([]);
      } finally {
        await cluster.close();
        await lab.close();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
