import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { recorded } from "../fixtures/recorded.ts";
import { description, METADATA, ok, scriptedServer, type SeenRequest } from "../fixtures/scripted-server.ts";

function missingCollection(): string {
  return recorded("missing collection query").body;
}

/** A server with collections "docs" and "docs-2", and an alias "live". */
function twoCollections() {
  const server = { target: "docs", isGone: false };
  const answer = ({ path, json }: SeenRequest) => {
    const [, name = ""] = /^\/collections\/([^/]+)/.exec(path) ?? [];
    const collection = name === "live" ? server.target : name;
    if (path === "/aliases") return ok({ aliases: [{ alias_name: "live", collection_name: server.target }] });
    if (path === "/collections/aliases") return ok(Array.isArray(json["actions"]));
    if (path.endsWith("/points/count")) return ok({ count: collection === "docs" ? 1 : 2 });
    if (name === "missing") return { status: 404, body: missingCollection() };
    return ok(description({ ...METADATA, "binnacle.name": collection, "binnacle.incarnation": collection }));
  };
  return {
    server,
    ...scriptedServer((request) => {
      const isOfDocs = request.path.startsWith("/collections/docs/points");
      if (server.isGone && isOfDocs) return { status: 404, body: missingCollection() };
      return answer(request);
    }),
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("aliases on Qdrant", () => {
  test("asks for aliases only if the name may be an alias, and then once a second", async () => {
    const { store, requests } = twoCollections();
    await store.collection("docs").count();
    expect(requests.map(({ path }) => path)).not.toContain("/aliases");
    const live = store.collection("live");
    await live.count();
    const before = requests.length;
    for (let i = 0; i < 5; i++) await live.count();
    expect(requests.slice(before).map(({ path }) => path)).toEqual(
      Array.from({ length: 5 }, () => "/collections/docs/points/count"),
    );
    vi.advanceTimersByTime(1_001);
    await live.count();
    expect(requests.slice(before + 5).map(({ path }) => path)).toEqual([
      "/aliases",
      "/collections/docs/points/count",
    ]);
  });

  test("notices within a second that another process switched the alias", async () => {
    const { store, server } = twoCollections();
    const live = store.collection("live");
    expect(await live.count()).toBe(1);
    server.target = "docs-2";
    expect(await live.count()).toBe(1);
    vi.advanceTimersByTime(1_001);
    expect(await live.count()).toBe(2);
  });

  test("calls the new target at once if the old target was deleted", async () => {
    const { store, server } = twoCollections();
    const live = store.collection("live");
    expect(await live.count()).toBe(1);
    server.target = "docs-2";
    server.isGone = true;
    expect(await live.count()).toBe(2);
  });

  test("switches in one request after checking the target", async () => {
    const { store, requests } = twoCollections();
    expect(await store.aliases.set({ name: "live", collection: "docs-2" })).toBe("docs");
    const changes = requests.filter(({ path }) => path === "/collections/aliases");
    expect(changes.map(({ json }) => json)).toEqual([
      {
        actions: [
          { delete_alias: { alias_name: "live" } },
          { create_alias: { alias_name: "live", collection_name: "docs-2" } },
        ],
      },
    ]);
    await expect(store.aliases.set({ name: "live", collection: "missing" })).rejects.toMatchObject({
      code: "not_found",
    });
    expect(requests.filter(({ path }) => path === "/collections/aliases")).toHaveLength(1);
  });

  test("does not take a collection that another tool restored under a new name for an alias", async () => {
    const { store, requests } = scriptedServer(({ path }) => {
      if (path === "/aliases") return ok({ aliases: [] });
      return path.endsWith("/count") ? ok({ count: 3 }) : ok(description(METADATA));
    });
    expect(await store.collection("restored").count()).toBe(3);
    expect(requests.at(-1)?.path).toBe("/collections/restored/points/count");
  });
});
