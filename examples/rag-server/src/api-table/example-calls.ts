import type { LightMyRequestResponse } from "fastify";
import { z } from "zod";
import type { Method, OpenedApi } from "../testing/open-api.ts";

/** One call of a route that succeeds after the calls before it. */
export interface ExampleCall {
  readonly method: Method;
  /** Path as the route declares it. */
  readonly path: string;
  /** Status of the reply. */
  readonly status: number;
  send(api: OpenedApi): Promise<LightMyRequestResponse>;
}

const jobMade = z.object({ id: z.string() });
const chatted = z.object({ session: z.object({ id: z.string() }) });
const made = z.object({ name: z.string(), sha256: z.string() });

/** Makes one call for each route, in an order in which all succeed on an empty store. */
export function createExampleCalls(): readonly ExampleCall[] {
  const snapshot: { name: string; sha256: string; bytes: Buffer } = {
    name: "",
    sha256: "",
    bytes: Buffer.alloc(0),
  };
  let [job, session] = ["", ""];
  const v1 =
    (method: Method, status: number) =>
    (path: string, body?: object, target: string = path): ExampleCall => ({
      method,
      path: `/api/v1${path}`,
      status,
      send: (api) => api.call(method, target, body),
    });
  const [get, put, post, created, remove] = [
    v1("GET", 200),
    v1("PUT", 200),
    v1("POST", 200),
    v1("POST", 201),
    v1("DELETE", 200),
  ];
  const collection = "platform";
  const named = "/collections/:name";
  const snapshots = `${named}/snapshots`;
  const own = (path: string): string => path.replace(":name", collection);
  return [
    created("/collections", { name: collection, fields: { topic: "keyword" } }),
    get("/collections"),
    get(named, undefined, own(named)),
    put(named, { fields: { year: "integer" } }, own(named)),
    created("/vectors/insert", {
      collection,
      id: "one",
      text: "The vault is in Oslo.",
      metadata: { topic: "ops" },
    }),
    post("/vectors/batch", {
      collection,
      operations: [{ op: "upsert", id: "two", text: "Backups run at night." }],
    }),
    get("/vectors", undefined, `/vectors?collection=${collection}`),
    get("/vectors/:id", undefined, `/vectors/one?collection=${collection}&include_vector=true`),
    put("/vectors/:id", { collection, metadata: { topic: "keys" } }, "/vectors/one"),
    post("/vectors/search", { collection, text: "Where is the vault?", filter: { topic: "keys" } }),
    post("/vectors/search/batch", {
      collection,
      searches: [{ text: "vault" }, { text: "backups", limit: 1 }],
    }),
    post("/vectors/recommend", { collection, positive: ["one"] }),
    post("/vectors/discover", { collection, context: [{ positive: "one", negative: "two" }] }),
    post("/vectors/explore", { collection, landmarks: 2 }),
    post("/vectors/cluster", { collection, clusters: 1 }),
    get("/analytics/vectors", undefined, `/analytics/vectors?collection=${collection}`),
    get("/analytics/search"),
    get("/analytics/usage"),
    post("/generate", { prompt: "Where?", collection, store_embedding: true, find_similar: 2 }),
    post("/generate/batch", { requests: [{ prompt: "Where?" }, { prompt: "When?" }] }),
    get("/health"),
    get("/metrics"),
    get("/usage"),
    rootCall("GET", "/health"),
    rootCall("POST", "/embed", { input: ["one", "two"] }),
    {
      ...rootCall("POST", "/chat"),
      send: async (api) => {
        const payload = { message: "Where is the vault?", sessionId: "new" };
        const reply = await api.app.inject({ method: "POST", url: "/chat", payload });
        session = chatted.parse(reply.json()).session.id;
        return reply;
      },
    },
    get("/sessions"),
    { ...get("/sessions/:id"), send: (api) => api.call("GET", `/sessions/${session}`) },
    {
      ...post("/feedback"),
      send: (api) => api.call("POST", "/feedback", { session_id: session, feedback: 1, consent: true }),
    },
    remove("/feedback"),
    { ...remove("/sessions/:id"), send: (api) => api.call("DELETE", `/sessions/${session}`) },
    {
      ...rootCall("GET", "/passage"),
      send: (api) => api.app.inject({ url: "/passage?document=backups.md&start=0&end=20" }),
    },
    rootCall("GET", "/about"),
    {
      ...created(`${named}/snapshot`),
      send: async (api) => {
        const reply = await api.call("POST", `${own(named)}/snapshot`);
        Object.assign(snapshot, made.parse(reply.json()));
        return reply;
      },
    },
    get(snapshots, undefined, own(snapshots)),
    {
      ...get(`${snapshots}/:snapshot`),
      send: async (api) => {
        const reply = await api.call("GET", `${own(snapshots)}/${snapshot.name}`);
        snapshot.bytes = reply.rawPayload;
        return reply;
      },
    },
    {
      ...created(`${named}/restore`),
      send: (api) => {
        const headers = { "content-type": "application/octet-stream" };
        return api.call(
          "POST",
          `/collections/copy/restore?sha256=${snapshot.sha256}`,
          snapshot.bytes,
          headers,
        );
      },
    },
    {
      ...remove(`${snapshots}/:snapshot`),
      send: (api) => api.call("DELETE", `${own(snapshots)}/${snapshot.name}`),
    },
    {
      ...v1("POST", 202)("/jobs"),
      send: async (api) => {
        const points = [{ id: "job", text: "Written by a job." }];
        const reply = await api.call("POST", "/jobs", { kind: "ingest", collection, points });
        job = jobMade.parse(reply.json()).id;
        return reply;
      },
    },
    get("/jobs"),
    { ...get("/jobs/:id"), send: (api) => api.call("GET", `/jobs/${job}`) },
    { ...get("/jobs/:id/events"), send: (api) => api.call("GET", `/jobs/${job}/events`) },
    { ...remove("/jobs/:id"), send: (api) => api.call("DELETE", `/jobs/${job}`) },
    post("/jobs/pause"),
    post("/jobs/resume"),
    remove("/vectors/:id", undefined, `/vectors/two?collection=${collection}`),
    remove(named, undefined, `${own(named)}?confirm=${collection}`),
  ];
}

function rootCall(method: Method, path: string, payload?: object): ExampleCall {
  const send = (api: OpenedApi): Promise<LightMyRequestResponse> =>
    api.app.inject({ method, url: path, ...(payload && { payload }) });
  return { method, path, status: 200, send };
}
