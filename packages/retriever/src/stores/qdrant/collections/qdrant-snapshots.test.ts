import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import type { HttpFetch } from "@binnacle/core/kit";
import { recorded } from "../fixtures/recorded.ts";
import { description, METADATA, ok, scriptedServer, type SeenRequest } from "../fixtures/scripted-server.ts";
import { QdrantStore } from "../qdrant-store.ts";

const bytes = new TextEncoder().encode("a snapshot of many bytes");
const sha256 = createHash("sha256").update(bytes).digest("hex");

async function* pieces(): AsyncGenerator<Uint8Array, void, void> {
  yield bytes.subarray(0, 5);
  yield bytes.subarray(5);
}

/** A server that has no collection "restored" until a snapshot was uploaded. */
function restoringServer(upload: { readonly status: number; readonly body: string } = ok(true)) {
  const seen: { method: string; path: string; body: string; type: string }[] = [];
  let isThere = false;
  const fetch: HttpFetch = async (url, { method, headers, body }) => {
    const { pathname, search } = new URL(url);
    const text = body instanceof Blob ? await body.text() : String(body ?? "");
    seen.push({ method, path: pathname + search, body: text, type: headers["content-type"] ?? "" });
    const given = ((): { status: number; body: string } => {
      if (pathname === "/")
        return { status: 200, body: JSON.stringify({ title: "qdrant", version: "1.18.3" }) };
      if (pathname.endsWith("/upload")) {
        isThere = upload.status === 200;
        return upload;
      }
      if (!isThere) return recorded("missing collection query");
      if (pathname === "/aliases") return ok({ aliases: [] });
      if (pathname.endsWith("/batch")) return ok([{ operation_id: 1, status: "completed" }]);
      return ok(method === "GET" ? description(METADATA) : true);
    })();
    return { status: given.status, headers: new Headers(), body: once(given.body) };
  };
  return { seen, store: new QdrantStore({ url: "http://qdrant.test:6333", fetch, maxAttempts: 1 }) };
}

async function* once(text: string): AsyncGenerator<Uint8Array, void, void> {
  yield new TextEncoder().encode(text);
}

const leftBehind = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith("binnacle-snapshot-"));

describe("snapshots on Qdrant", () => {
  test("creates and lists what the server recorded", async () => {
    const { store, requests } = scriptedServer(({ method, path }: SeenRequest) => {
      if (path.endsWith("/cluster")) return recorded("collection cluster");
      return recorded(method === "POST" ? "snapshot create" : "snapshot list");
    });
    const made = await store.snapshots.create("docs");
    expect(made).toEqual({
      name: "rec-1422950814534105-2026-11-22-12-05-09.snapshot",
      collection: "docs",
      createdAt: "2026-11-22T12:05:09Z",
      bytes: 581_120,
      sha256: "bd0e1abcae58d6ad28002b7f3ac8040138784d114be6923172267ed41408364e",
    });
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toContain(
      "POST /collections/docs/snapshots?wait=true",
    );
    expect(await store.snapshots.list("docs")).toEqual([made]);
  });

  test("refuses a collection on several servers, of which a snapshot would hold a part", async () => {
    const { store, requests } = scriptedServer(() =>
      ok({
        peer_id: 1,
        shard_count: 2,
        local_shards: [{ shard_id: 0, points_count: 5, state: "Active" }],
        remote_shards: [{ shard_id: 1, peer_id: 2, state: "Active" }],
        shard_transfers: [],
      }),
    );
    await expect(store.snapshots.create("docs")).rejects.toMatchObject({ capability: "snapshots" });
    expect(requests.filter(({ method }) => method === "POST")).toEqual([]);
  });

  test("throws at the end of a download that does not have the recorded checksum", async () => {
    const name = "rec-1422950814534105-2026-11-22-12-05-09.snapshot";
    const { store } = scriptedServer(({ path }) =>
      path.endsWith(".snapshot") ? { status: 200, body: "other bytes" } : recorded("snapshot list"),
    );
    const read = async (): Promise<void> => {
      for await (const _ of store.snapshots.download("docs", name));
    };
    await expect(read()).rejects.toMatchObject({ code: "snapshot_damaged" });
  });

  test("uploads a form with the checksum, then renews epochs, and the incarnation last (Q12, Q34)", async () => {
    const { store, seen } = restoringServer();
    const { incarnation, name } = await store.snapshots.restore("restored", pieces(), { sha256 });
    const steps = seen.filter(({ method }) => method !== "GET");
    expect(steps.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST /collections/restored/snapshots/upload?wait=true&priority=snapshot&checksum=${sha256}`,
      "POST /collections/restored/points/batch?wait=true",
      "PATCH /collections/restored",
    ]);
    const [upload, epochs, identity] = steps;
    const boundary = upload?.type.split("boundary=")[1];
    expect(upload?.type).toMatch(/^multipart\/form-data; boundary=/);
    expect(upload?.body.startsWith(`--${boundary}\r\n`)).toBe(true);
    expect(upload?.body).toContain(`\r\n\r\na snapshot of many bytes\r\n--${boundary}--\r\n`);
    expect(JSON.parse(epochs?.body ?? "")).toEqual({
      operations: [
        {
          set_payload: {
            payload: { e: expect.any(String), u: expect.any(String) },
            filter: { must_not: [{ is_empty: { key: "e" } }] },
          },
        },
      ],
    });
    expect(JSON.parse(identity?.body ?? "")).toEqual({
      metadata: { "binnacle.incarnation": incarnation, "binnacle.name": "restored" },
    });
    expect([name, incarnation]).not.toContain(METADATA["binnacle.incarnation"]);
  });

  test("sends nothing if the bytes do not have the checksum, and leaves no file", async () => {
    const before = leftBehind();
    const { store, seen } = restoringServer();
    const call = store.snapshots.restore("restored", pieces(), { sha256: "0".repeat(64) });
    await expect(call).rejects.toMatchObject({ code: "checksum_mismatch" });
    expect(seen.filter(({ method }) => method === "POST")).toEqual([]);
    expect(leftBehind()).toEqual(before);
  });

  test.each(["snapshot upload truncated", "snapshot upload bad checksum"])(
    "reports %s as a damaged snapshot",
    async (name) => {
      const { store } = restoringServer(recorded(name));
      const call = store.snapshots.restore("restored", pieces(), { sha256 });
      await expect(call).rejects.toMatchObject({ code: "snapshot_damaged" });
      expect(await store.describeCollection("restored")).toBeUndefined();
    },
  );
});
