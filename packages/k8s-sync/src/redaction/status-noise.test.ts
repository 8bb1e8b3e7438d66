import { describe, expect, it } from "vitest";
import { createObjectDescriber } from "../rendering/create-object-describer.ts";
import { resources } from "../fixtures/resources.ts";
import { withoutTimes } from "./status-noise.ts";

const quota = { ...resources.pod, kind: "ResourceQuota", plural: "resourcequotas" };

describe("withoutTimes", () => {
  it.each(["500m", "3920m", "1.5m", "2h", "10s", "requests.cpu=500m", "cpu: 500m of 2 are used"])(
    "keeps the amount in %j",
    (text) => {
      expect(withoutTimes(text)).toBe(text);
    },
  );

  it("replaces times and durations of a message", () => {
    expect(withoutTimes("back-off 5m0s since 2026-01-02T03:04:05Z")).toBe("back-off (duration) since (time)");
    expect(withoutTimes("1h2m3s")).toBe("(duration)");
  });
});

describe("the hash of a quota", () => {
  it("changes with the processors in use", () => {
    const describer = createObjectDescriber({ cluster: "lab" });
    const described = (used: string): string | undefined => {
      const status = { hard: { "requests.cpu": "800m" }, used: { "requests.cpu": used } };
      const object = { metadata: { name: "q", namespace: "shop", uid: "u" }, status };
      return describer.describe(object, quota)?.contentHash;
    };
    expect(described("500m")).not.toBe(described("750m"));
    expect(described("500m")).toBe(described("500m"));
  });
});
