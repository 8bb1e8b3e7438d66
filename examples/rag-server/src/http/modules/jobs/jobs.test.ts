import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localPrincipal } from "../../../guard/principal.ts";
import { openApi, type OpenedApi } from "../../../testing/open-api.ts";

let api: OpenedApi;

beforeAll(async () => {
  api = await openApi({ storeOf: "environment" }); // a store in memory has no snapshots
  await api.call("POST", "/collections", { name: "notes" });
});

afterAll(() => api.close());

const ingest = { kind: "ingest", collection: "notes", points: [{ id: "a", text: "Boats sail at noon." }] };

describe("jobs over HTTP", () => {
  test("starts a job, follows it over events, and reads its result (Q55)", async () => {
    const started = await api.call("POST", "/jobs", ingest);
    expect(started.statusCode).toBe(202);
    const { id } = started.json<{ id: string }>();
    expect(started.headers.location).toBe(`/api/v1/jobs/${id}`);
    const events = await api.call("GET", `/jobs/${id}/events`);
    expect(events.headers["content-type"]).toContain("text/event-stream");
    const last = events.body.trim().split("\n\n").at(-1) ?? "";
    expect(JSON.parse(last.replace("event: job\ndata: ", ""))).toMatchObject({
      id,
      kind: "ingest",
      state: "completed",
      done: 1,
      total: 1,
      result: { written: 1, failed: 0 },
    });
    expect((await api.call("GET", `/jobs/${id}`)).json()).toMatchObject({ state: "completed" });
    const read = await api.call("GET", "/vectors/a?collection=notes");
    expect(read.json()).toMatchObject({ text: "Boats sail at noon." });
    expect((await api.call("GET", "/jobs")).json()).toMatchObject({ jobs: [{ id }], paused: false });
    expect((await api.call("DELETE", `/jobs/${id}`)).json()).toEqual({ id, cancelled: false });
  });

  test("makes a snapshot as a job (Q55)", async () => {
    const started = await api.call("POST", "/jobs", { kind: "snapshot", collection: "notes" });
    const { id } = started.json<{ id: string }>();
    const events = await api.call("GET", `/jobs/${id}/events`);
    expect(events.body).toMatch(/"snapshot":"notes[^"]*\.snapshot"/);
  });

  test("pauses, cancels what waits, and goes on (Q55)", async () => {
    expect((await api.call("POST", "/jobs/pause")).json()).toEqual({ paused: true });
    const { id } = (await api.call("POST", "/jobs", ingest)).json<{ id: string }>();
    expect((await api.call("DELETE", `/jobs/${id}`)).json()).toEqual({ id, cancelled: true });
    expect((await api.call("POST", "/jobs/resume")).json()).toEqual({ paused: false });
    expect((await api.call("GET", `/jobs/${id}`)).json()).toMatchObject({ state: "cancelled" });
  });

  test.each([
    ["an unknown kind", { kind: "format-disk" }, 400, "kind"],
    ["a point without an id", { ...ingest, points: [{ text: "x" }] }, 400, "id"],
    ["a missing collection", { ...ingest, collection: "none" }, 404, "none"],
    ["no points", { ...ingest, points: [] }, 400, "points"],
  ])("refuses %s", async (_, body, status, word) => {
    const refused = await api.call("POST", "/jobs", body);
    expect(refused.statusCode).toBe(status);
    expect(refused.body).toContain(word);
  });

  test("says that a job is not known", async () => {
    for (const path of ["/jobs/none", "/jobs/none/events"])
      expect((await api.call("GET", path)).statusCode).toBe(404);
  });

  test("keeps a key on its collections, also through jobs (Q53)", async () => {
    const mine = { ...localPrincipal, id: "mine", collections: ["notes"] };
    const guarded = await openApi({ keys: { find: () => mine } });
    const headers = { authorization: "Bearer any" };
    await guarded.call("POST", "/collections", { name: "notes" }, headers);
    const into = { kind: "reembed", collection: "notes", into: "secret" };
    expect((await guarded.call("POST", "/jobs", into, headers)).statusCode).toBe(403);
    const elsewhere = { ...ingest, collection: "secret" };
    expect((await guarded.call("POST", "/jobs", elsewhere, headers)).statusCode).toBe(404);
    await guarded.close();
  });
});
