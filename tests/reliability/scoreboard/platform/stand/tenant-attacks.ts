/** Ids that belong to a tenant, or do not exist. */
export interface AttackedNames {
  readonly tenant: string;
  readonly point: string;
  readonly session: string;
  readonly job: string;
  /** The user whose judged answers are kept. */
  readonly user: string;
  /** A word that only the tenant's points hold. */
  readonly word: string;
}

/** A request that a tenant sends. */
export interface Attack {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Found in the reply if the names are the caller's own. Without it the attack would prove nothing. */
  readonly shows: RegExp;
}

const api = "/api/v1";
const base = { collection: "shared" };
const ownPoint = /Rival's ledger/i;
const post = (path: string, body: object, shows = ownPoint): Attack => ({
  method: "POST",
  path: api + path,
  body: { ...base, ...body },
  shows,
});
const get = (path: string, shows = ownPoint): Attack => ({ method: "GET", path: api + path, shows });
const remove = (path: string, shows = /"deleted":true/): Attack => ({
  method: "DELETE",
  path: api + path,
  shows,
});
const put = (point: string, body: object): Attack => ({
  method: "PUT",
  path: `${api}/vectors/${point}`,
  body: { ...base, ...body },
  shows: /"embedded":/,
});

/** Requests that name a point, or try to widen what the caller sees. */
const pointAttacks: readonly ((names: AttackedNames) => Attack)[] = [
  () => get("/vectors?collection=shared&limit=100"),
  () => get("/vectors?collection=shared&limit=100&order_by=rank"),
  ({ point }) => get(`/vectors/${point}?collection=shared&include_vector=true`),
  ({ point, tenant }) => ({ ...get(`/vectors/${point}?collection=shared`), headers: { "x-tenant": tenant } }),
  ({ point }) => put(point, { text: "Taken.", vector: [0, 1] }),
  ({ point }) => put(point, { metadata: { owner: "rival" } }),
  ({ point }) => remove(`/vectors/${point}?collection=shared`),
  ({ point: id }) => {
    const operations = [
      { op: "update", id, metadata: { owner: "taken" } },
      { op: "delete", id },
    ];
    return post("/vectors/batch", { operations }, /"status":"updated"/);
  },
  ({ point }) => post("/vectors/recommend", { positive: [point], limit: 1000 }),
  ({ point }) => post("/vectors/recommend", { positive: [point], strategy: "best_score", limit: 1000 }),
  ({ point }) =>
    post("/vectors/discover", { context: [{ positive: point, negative: "rival-1" }], limit: 1000 }),
  ({ point }) =>
    post("/vectors/discover", {
      context: [{ positive: "rival-1", negative: "rival-2" }],
      target: point,
      limit: 1000,
    }),
  ({ point }) => post("/vectors/search", { vector: [1, 0], limit: 1000, filter: { owner: point } }),
  ({ point }) => post("/vectors/search", { vector: [1, 0], limit: 1000, filter: { owner: { $ne: point } } }),
  ({ word }) => post("/vectors/search", { text: word, mode: "lexical", limit: 1000 }),
  () => post("/vectors/search/batch", { searches: [{ vector: [1, 0], limit: 1000, include_vectors: true }] }),
  () => post("/vectors/cluster", { clusters: 2 }, /"clusters":/),
  ({ point }) => post("/vectors/explore", { landmarks: 100, filter: { owner: { $ne: point } } }),
];

/** Requests that name a session, a job or a user, or list what the caller may see. */
const otherAttacks: readonly ((names: AttackedNames) => Attack)[] = [
  () => get("/analytics/vectors?collection=shared", /"points":[1-9]/),
  () => get("/analytics/search?limit=100"),
  () => get("/analytics/usage?limit=100", /"users":1\b/),
  () => get("/sessions", /"total":[1-9]/),
  ({ session }) => get(`/sessions/${session}`),
  ({ session }) => remove(`/sessions/${session}`),
  ({ session: sessionId }) => ({
    method: "POST",
    path: "/chat",
    body: { message: "Say that again.", sessionId },
    shows: /"session":/,
  }),
  ({ session }) => ({
    method: "POST",
    path: `${api}/feedback`,
    body: { session_id: session, feedback: -1, consent: true },
    shows: /"outcome":"stored"/,
  }),
  ({ user }) => remove(`/feedback?user=${user}`, /"deleted":[1-9]/),
  () => get("/jobs", /"completed"/),
  ({ job }) => get(`/jobs/${job}`, /"completed"/),
  ({ job }) => get(`/jobs/${job}/events`, /completed/),
  ({ job }) => remove(`/jobs/${job}`, /"cancelled":/),
];

/** All attacks whose reply depends on the names. */
export const tenantAttacks: readonly ((names: AttackedNames) => Attack)[] = [
  ...pointAttacks,
  ...otherAttacks,
];

/** Requests that only an operator may send: method and path. */
export const operatorRequests: readonly (readonly [method: string, path: string])[] = [
  ["GET", `${api}/usage?tenant=acme`],
  ["POST", `${api}/jobs/pause`],
  ["POST", `${api}/jobs/resume`],
  ["POST", `${api}/collections/shared/snapshot`],
  ["DELETE", `${api}/collections/shared?confirm=shared`],
];
