import { z } from "zod";
import { qdrantMissing, startQdrant } from "../../../servers/qdrant.ts";
import { randomNumbers } from "../../filled-store.ts";
import { exactly, shown, type Experiment, type Figure } from "../experiment.ts";
import { serverFaults } from "./stand/server-faults.ts";
import { startPlatform, type Platform } from "./stand/start-platform.ts";

const points = 20;
const attempts = 400;
const secret = "Acme's secret";

/** SB-P6: one tenant tries every route with the ids of another, on both stores. */
export const foreignTenant: Experiment = {
  title: "a tenant with the ids of another, on SQLite and on Qdrant",
  missing: () => Promise.resolve(qdrantMissing("own")),
  run: async ({ seed, share }) => {
    const qdrant = await startQdrant();
    try {
      const figures: Figure[] = [];
      for (const [store, environment] of [
        ["SQLite", {}],
        ["Qdrant", { QDRANT_URL: qdrant.url }],
      ] as const) {
        const platform = await startPlatform({ environment });
        try {
          const found = await attack(
            platform,
            randomNumbers(seed),
            Math.max(40, Math.round(attempts * share)),
          );
          figures.push(...found.map((one) => ({ ...one, figure: `${store}: ${one.figure}` })));
        } finally {
          await platform.close();
        }
      }
      return figures;
    } finally {
      await qdrant.close();
    }
  },
};

async function attack(platform: Platform, random: () => number, count: number): Promise<readonly Figure[]> {
  const collection = { name: "shared", dimensions: 2, space: "own", tenancy: "required" };
  await (await platform.send("POST", "/api/v1/collections", { body: collection })).text();
  await fill(platform, "acme", secret);
  await fill(platform, "rival", "Rival's own");
  const before = await stateOf(platform);
  let [leaked, told] = [0, 0];
  for (let attempt = 0; attempt < count; attempt++) {
    const make = attacks[Math.floor(random() * attacks.length)];
    if (make === undefined) continue;
    const known = await sent(platform, make(`acme-${Math.floor(random() * points)}`));
    const unknown = await sent(platform, make(`nobody-${attempt}`));
    if (known.text.includes(secret)) leaked += 1;
    // A reply must not tell the ids that exist from those that do not.
    if (known.status === unknown.status && known.shape === unknown.shape) continue;
    told += 1;
    console.error(
      `reliability: P6 ${known.status} ${known.shape.slice(0, 200)}, ${unknown.status} ${unknown.shape.slice(0, 200)}`,
    );
  }
  const after = await stateOf(platform);
  return [
    shown("attempts", count, ""),
    exactly("replies with another tenant's point", leaked, 0),
    exactly("replies that tell if another tenant's id exists", told, 0),
    exactly("another tenant's points that changed", before === after ? 0 : 1, 0),
    ...serverFaults(platform.server),
  ];
}

interface Attack {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const api = "/api/v1";
const base = { collection: "shared" };
const post = (path: string, body: object): Attack => ({
  method: "POST",
  path: api + path,
  body: { ...base, ...body },
});

/** Requests of the rival that name an id, or try to widen what they see. */
const attacks: readonly ((id: string) => Attack)[] = [
  (id) => ({ method: "GET", path: `${api}/vectors/${id}?collection=shared&include_vector=true` }),
  (id) => ({
    method: "GET",
    path: `${api}/vectors/${id}?collection=shared`,
    headers: { "x-tenant": "acme" },
  }),
  (id) => ({ method: "PUT", path: `${api}/vectors/${id}`, body: { ...base, text: "Taken." } }),
  (id) => ({ method: "PUT", path: `${api}/vectors/${id}`, body: { ...base, metadata: { owner: "rival" } } }),
  (id) => ({ method: "DELETE", path: `${api}/vectors/${id}?collection=shared` }),
  (id) =>
    post("/vectors/batch", {
      operations: [
        { op: "update", id, text: "Taken." },
        { op: "delete", id },
      ],
    }),
  (id) => post("/vectors/recommend", { positive: [id] }),
  (id) => post("/vectors/search", { vector: [1, 0], limit: 1000, filter: { tenant: "acme", owner: id } }),
  (id) => post("/vectors/search", { vector: [1, 0], limit: 1000, filter: { owner: { not: id } } }),
  () => post("/vectors/search", { text: secret, mode: "lexical", limit: 1000 }),
  () => post("/vectors/search/batch", { searches: [{ vector: [1, 0], limit: 1000, include_vectors: true }] }),
  () => post("/vectors/cluster", { clusters: 2 }),
];

interface Answered {
  readonly status: number;
  readonly text: string;
  /** The reply without ids and numbers, which may differ. */
  readonly shape: string;
}

async function sent({ send }: Platform, { method, path, body, headers }: Attack): Promise<Answered> {
  const response = await send(method, path, { key: "rival", body, headers });
  const text = await response.text();
  const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
  const shape = text
    .replaceAll(uuid, "ID")
    .replaceAll(/(acme|nobody)-\d+/g, "ID")
    .replaceAll(/\d+(\.\d+)?/g, "0");
  return { status: response.status, text, shape };
}

async function fill({ send }: Platform, key: "acme" | "rival", words: string): Promise<void> {
  for (let i = 0; i < points; i++) {
    const body = {
      ...base,
      id: `${key}-${i}`,
      vector: [1, i / points],
      text: `${words} ${i}.`,
      metadata: { owner: key },
    };
    const response = await send("POST", `${api}/vectors/insert`, { key, body });
    if (!response.ok) throw new Error(`the tenant's points cannot be written: ${await response.text()}`);
    await response.text();
  }
}

const versioned = z.object({
  version: z.number(),
  text: z.string(),
  metadata: z.record(z.string(), z.unknown()),
});

/** Returns all of acme's points with their versions, as acme reads them. */
async function stateOf({ send }: Platform): Promise<string> {
  const read = Array.from({ length: points }, async (_, i) => {
    const response = await send("GET", `${api}/vectors/acme-${i}?collection=shared`, { key: "acme" });
    return versioned.safeParse(await response.json()).data;
  });
  return JSON.stringify(await Promise.all(read));
}
