import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { FakeClock } from "@binnacle/core/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { testKey } from "../../testing/test-keys.ts";
import { createSecret, keyText } from "./api-key.ts";
import { addKeyTo, removeKeyFrom, rotateKeyIn } from "./change-keys.ts";
import { createKeyRing } from "./key-ring.ts";
import { openKeyFile } from "./open-key-file.ts";

const bare = ({ authorization }: { readonly authorization: string }): string =>
  authorization.slice("Bearer ".length);

describe("a ring of keys", () => {
  test("recognises a key until it expires, and no other text (T61)", () => {
    const clock = new FakeClock(Date.UTC(2026, 0, 1));
    const key = testKey("web", { roles: ["reader"], tenant: "acme", expires_at: "2026-01-02T00:00:00Z" });
    const ring = createKeyRing(() => [key.stored], clock);
    expect(ring.find(bare(key.headers))).toMatchObject({ id: "web", tenant: "acme" });
    const others = [
      "",
      "web",
      "bk_web_",
      keyText({ id: "web", secret: createSecret() }),
      keyText({ id: "other", secret: createSecret() }),
    ];
    for (const other of others) expect(ring.find(other)).toBeUndefined();
    const later = createKeyRing(() => [key.stored], new FakeClock(Date.UTC(2026, 0, 3)));
    expect(later.find(bare(key.headers))).toBe("expired");
  });

  test("grants the union of its roles and permissions, and nothing else (Q52)", () => {
    const key = testKey("k", { roles: ["observer"], permissions: ["InsertVectors"] });
    const found = createKeyRing(() => [key.stored]).find(bare(key.headers));
    expect(found).toMatchObject({
      permissions: new Set(["HealthCheck", "ViewMetrics", "ViewAnalytics", "InsertVectors"]),
    });
  });
});

describe("the file of keys", () => {
  test("holds hashes only, and both secrets are valid while a key is rotated (T61)", async () => {
    const folder = await temporaryFolder();
    onTestFinished(() => folder.dispose());
    const path = join(folder.path, "keys.json");
    const first = await addKeyTo(path, { id: "web", roles: ["reader"] });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const second = await rotateKeyIn(path, "web", "2026-01-02T00:00:00Z");
    const text = await readFile(path, "utf8");
    for (const key of [first, second]) expect(text).not.toContain(key.slice("bk_web_".length));

    const file = await openKeyFile(path);
    const at = (day: number) => createKeyRing(() => file.keys, new FakeClock(Date.UTC(2026, 0, day)));
    expect(at(1).find(first)).toMatchObject({ id: "web" });
    expect(at(1).find(second)).toMatchObject({ id: "web" });
    expect(at(3).find(first)).toBe("expired");
    expect(at(3).find(second)).toMatchObject({ id: "web" });
    await expect(addKeyTo(path, { id: "web", roles: [] })).rejects.toThrow(/rotate it/);
  });

  test("is read again after a change, and a broken file keeps the keys before (T61)", async () => {
    const folder = await temporaryFolder();
    onTestFinished(() => folder.dispose());
    const path = join(folder.path, "keys.json");
    await addKeyTo(path, { id: "old", roles: ["reader"] });
    const clock = new FakeClock();
    const warnings: string[] = [];
    const file = await openKeyFile(path, { clock, onWarning: (message) => warnings.push(message) });
    await addKeyTo(path, { id: "new", roles: ["reader"] });
    await removeKeyFrom(path, "old");
    await file.refresh();
    expect(file.keys.map(({ id }) => id)).toEqual(["old"]); // looked at most once a second
    await clock.advance(1000);
    await file.refresh();
    expect(file.keys.map(({ id }) => id)).toEqual(["new"]);
    await folder.write({ "keys.json": '{"version":1,"keys":[{"id":"x"}]}' });
    await clock.advance(1000);
    await file.refresh();
    expect(file.keys.map(({ id }) => id)).toEqual(["new"]);
    expect(warnings).toEqual([expect.stringContaining("the keys before stay valid")]);
  });
});
