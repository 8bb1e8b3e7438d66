import { randomUUID } from "node:crypto";
import { z } from "zod";
import { startFakeReplica } from "../../../servers/fake-replica/start-fake-replica.ts";
import { qdrantMissing, startQdrant } from "../../../servers/qdrant.ts";
import { randomNumbers } from "../../filled-store.ts";
import { exactly, shown, type Experiment, type Figure } from "../experiment.ts";
import { unfinishedJobs } from "./stand/kept-promises.ts";
import { modelEnvironment } from "./stand/model-environment.ts";
import { serverFaults } from "./stand/server-faults.ts";
import { startPlatform, type Platform } from "./stand/start-platform.ts";
import { operatorRequests, tenantAttacks, type Attack, type AttackedNames } from "./stand/tenant-attacks.ts";

const points = 20;
const attempts = 400;
const secret = "Acme's secret";
const api = "/api/v1";

/** SB-P6: one tenant tries every route with the ids of another, on both stores. */
export const foreignTenant: Experiment = {
  title: "a tenant with the ids of another, on SQLite and on Qdrant",
  missing: () => Promise.resolve(qdrantMissing("own")),
  run: async ({ seed, share }) => {
    const qdrant = await startQdrant();
    const model = await startFakeReplica(seed);
    try {
      const figures: Figure[] = [];
      for (const [store, environment] of [
        ["SQLite", {}],
        ["Qdrant", { QDRANT_URL: qdrant.url }],
      ] as const) {
        const platform = await startPlatform({
          environment: { ...modelEnvironment(model.url), ...environment },
        });
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
      model.close();
      await qdrant.close();
    }
  },
};

async function attack(platform: Platform, random: () => number, count: number): Promise<readonly Figure[]> {
  const collection = { name: "shared", dimensions: 2, space: "own", tenancy: "required" };
  const fields = { owner: "keyword", rank: "integer" };
  await answered(platform, "admin", "/collections", { ...collection, fields });
  for (let i = 0; i < points; i++) await insert(platform, "acme", `acme-${i}`);
  for (let i = 0; i < points; i++) await insert(platform, "rival", `rival-${i}`);
  const acme = await namesOf(platform, "acme", "acme-0");
  const idle = await attacksWithoutEffect(platform);
  const before = await stateOf(platform, acme);
  let [leaked, told] = [0, 0];
  for (let attempt = 0; attempt < count; attempt++) {
    const make = tenantAttacks[Math.floor(random() * tenantAttacks.length)];
    if (make === undefined) continue;
    const known = await sent(platform, make({ ...acme, point: `acme-${Math.floor(random() * points)}` }));
    const unknown = await sent(platform, make(missing(attempt)));
    if (known.text.includes(secret)) leaked += 1;
    // A reply must not tell the ids that exist from those that do not.
    if (known.status === unknown.status && known.shape === unknown.shape) continue;
    told += 1;
    report(known, make(acme));
    report(unknown, make(acme));
  }
  await takeOver(platform);
  const after = await stateOf(platform, acme);
  return [
    shown("attempts", count, ""),
    exactly("attacks that have no effect on the caller's own things", idle, 0),
    exactly("replies with another tenant's point", leaked, 0),
    exactly("replies that tell if another tenant's id exists", told, 0),
    exactly("operator's requests that a tenant may send", await openToTenants(platform), 0),
    exactly("another tenant's points, sessions, jobs and answers that changed", before === after ? 0 : 1, 0),
    exactly("another tenant's judged answers that are lost", await lostAnswers(platform, acme), 0),
    ...serverFaults(platform.server),
  ];
}

/** Sends each attack with the caller's own names, and counts those that show nothing. */
async function attacksWithoutEffect(platform: Platform): Promise<number> {
  let idle = 0;
  let names = await namesOf(platform, "rival", "rival-0");
  for (const [number, make] of tenantAttacks.entries()) {
    const point = `rival-own-${number}`;
    await insert(platform, "rival", point);
    const attack = make({ ...names, point });
    const own = await sent(platform, attack);
    // The attacks on points leave the session, the job and the judged answer as they were.
    if (!attack.path.includes("/vectors")) names = await namesOf(platform, "rival", point);
    if (own.status < 300 && attack.shows.test(own.text)) continue;
    idle += 1;
    report(own, attack);
  }
  return idle;
}

/** Writes acme's ids as the rival, whose own points they become. */
async function takeOver(platform: Platform): Promise<void> {
  const point = { id: "acme-1", text: "Taken.", vector: [0, 1] };
  await answered(platform, "rival", "/vectors/insert", { collection: "shared", ...point });
  const operations = [{ op: "upsert", ...point, id: "acme-2" }];
  await answered(platform, "rival", "/vectors/batch", { collection: "shared", operations });
  await ingest(platform, "rival", "acme-3");
}

async function openToTenants({ send }: Platform): Promise<number> {
  let open = 0;
  for (const [method, path] of operatorRequests) {
    const response = await send(method, path, { key: "rival" });
    const text = await response.text();
    if (response.status === 403) continue;
    open += 1;
    console.error(`reliability: P6 ${method} ${path}: ${response.status} ${text.slice(0, 200)}`);
  }
  return open;
}

function report({ status, text }: Answered, { method, path }: Attack): void {
  console.error(`reliability: P6 ${method} ${path}: ${status} ${text.slice(0, 300)}`);
}

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
    .replaceAll(/(acme|missing)-\d+/g, "ID")
    .replaceAll(/\d+(\.\d+)?/g, "0");
  return { status: response.status, text, shape };
}

function missing(attempt: number): AttackedNames {
  const point = `missing-${attempt}`;
  return { tenant: "missing", point, session: randomUUID(), job: randomUUID(), user: point, word: "nothing" };
}

type Tenant = "acme" | "rival";
const words: Readonly<Record<Tenant, string>> = { acme: secret, rival: "Rival's ledger" };

/** Gives a tenant a session with a judged answer, a job and a logged search. */
async function namesOf(platform: Platform, key: Tenant, point: string): Promise<AttackedNames> {
  const chat = await platform.send("POST", "/chat", {
    key,
    body: { message: `${words[key]}: when are backups taken?`, sessionId: "new" },
  });
  const { session } = chatted.parse(await chat.json());
  const judged = { session_id: session.id, feedback: 1, consent: true, user: point };
  await answered(platform, key, "/feedback", judged);
  const job = await ingest(platform, key, `${point}-job`);
  const word = key === "acme" ? "secret" : "ledger";
  const search = { collection: "shared", text: `${words[key]} plan`, mode: "lexical" };
  await answered(platform, key, "/vectors/search", search);
  return { tenant: key, point, session: session.id, job, user: point, word };
}

const chatted = z.object({ session: z.object({ id: z.string() }) });
const accepted = z.object({ id: z.string() });

async function ingest(platform: Platform, key: Tenant, id: string): Promise<string> {
  const written = [{ id, text: `${words[key]} of a job.`, vector: [1, 1] }];
  const body = { kind: "ingest", collection: "shared", points: written };
  const job = accepted.parse(JSON.parse(await answered(platform, key, "/jobs", body))).id;
  if ((await unfinishedJobs(platform, new Set([job]))) > 0) throw new Error("P6: a job does not complete");
  return job;
}

async function insert(platform: Platform, key: Tenant, id: string): Promise<void> {
  const rank = Number(/\d+$/.exec(id)?.[0] ?? 0);
  const metadata = { owner: id, rank };
  const vector = [1, rank / points];
  const body = { collection: "shared", id, vector, text: `${words[key]} ${id}.`, metadata };
  await answered(platform, key, "/vectors/insert", body);
}

async function answered(
  { send }: Platform,
  key: Tenant | "admin",
  path: string,
  body: object,
): Promise<string> {
  const response = await send("POST", api + path, { key, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`P6 cannot prepare ${path} as ${key}: ${response.status} ${text}`);
  return text;
}

const versioned = z.object({
  version: z.number(),
  text: z.string(),
  metadata: z.record(z.string(), z.unknown()),
});

/** Returns all of acme's points with their versions, its session and its job, as acme reads them. */
async function stateOf({ send }: Platform, { session, job }: AttackedNames): Promise<string> {
  const read = Array.from({ length: points }, async (_, i) => {
    const response = await send("GET", `${api}/vectors/acme-${i}?collection=shared`, { key: "acme" });
    return versioned.parse(await response.json());
  });
  const others = [`/sessions/${session}`, `/jobs/${job}`].map(async (path) => {
    const response = await send("GET", api + path, { key: "acme" });
    return await response.text();
  });
  return JSON.stringify(await Promise.all([...read, ...others]));
}

/** Deletes acme's judged answer as acme. Returns 1 if it was gone already. */
async function lostAnswers({ send }: Platform, { user }: AttackedNames): Promise<number> {
  const response = await send("DELETE", `${api}/feedback?user=${user}`, { key: "acme" });
  const { deleted } = z.object({ deleted: z.number() }).parse(await response.json());
  return deleted === 1 ? 0 : 1;
}
