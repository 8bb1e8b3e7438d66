import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError } from "@binnacle/core";
import { z } from "zod";

/** One scope of a {@link ClusterRecord}. */
export interface ScopeRecord {
  scope: string;
  state: "current" | "pending" | "degraded";
  /** Epoch milliseconds up to which the index has every change. */
  asOf?: number | undefined;
  error?: string | undefined;
}

/** Facts about a cluster beside its documents: its identity, its selection and how current each scope is. It
 * holds no credentials. */
export interface ClusterRecord {
  version: 1;
  cluster: string;
  /** Uid of the namespace kube-system, or empty. */
  uid: string;
  serverVersion: string;
  namespaces?: string[] | undefined;
  kinds?: string[] | undefined;
  /** `watching` while a process follows the cluster and renews `updatedAt`. */
  mode: "snapshot" | "watching" | "stopped";
  /** Epoch milliseconds at which this record was written. */
  updatedAt: number;
  lagMs?: number | undefined;
  /** The last comparison of the watches with lists of metadata: when, and the objects that differed. */
  drift?: { checkedAt: number; objects: number } | undefined;
  /** Fields that the documents leave out because they tick. */
  volatileFields?: { type: string; path: string }[] | undefined;
  error?: string | undefined;
  scopes: ScopeRecord[];
}

const schema: z.ZodType<ClusterRecord> = z.strictObject({
  version: z.literal(1),
  cluster: z.string(),
  uid: z.string(),
  serverVersion: z.string(),
  namespaces: z.array(z.string()).optional(),
  kinds: z.array(z.string()).optional(),
  mode: z.enum(["snapshot", "watching", "stopped"]),
  updatedAt: z.number(),
  lagMs: z.number().optional(),
  drift: z.strictObject({ checkedAt: z.number(), objects: z.number() }).optional(),
  volatileFields: z.array(z.strictObject({ type: z.string(), path: z.string() })).optional(),
  error: z.string().optional(),
  scopes: z.array(
    z.strictObject({
      scope: z.string(),
      state: z.enum(["current", "pending", "degraded"]),
      asOf: z.number().optional(),
      error: z.string().optional(),
    }),
  ),
});

/** The records of a data directory. */
export interface ClusterRecords {
  read(cluster: string): Promise<ClusterRecord | undefined>;
  list(): Promise<readonly ClusterRecord[]>;
  write(record: ClusterRecord): Promise<void>;
  remove(cluster: string): Promise<void>;
}

/** Opens the records of a data directory. A missing directory has none. */
export function openClusterRecords(data: string): ClusterRecords {
  const folder = join(data, "clusters");
  const pathOf = (cluster: string): string => join(folder, `${encodeURIComponent(cluster)}.json`);
  const read = async (path: string): Promise<ClusterRecord | undefined> => {
    const text = await readFile(path, "utf8").catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new ConfigurationError(`${path} is no record of this program. Delete it, then run a snapshot.`, {
      code: "invalid_record",
    });
  };
  return {
    read: (cluster) => read(pathOf(cluster)),
    list: async () => {
      const names = await readdir(folder).catch(() => []);
      const found = await Promise.all(
        names
          .filter((name) => name.endsWith(".json"))
          .sort()
          .map((name) => read(join(folder, name))),
      );
      return found.filter((record) => record !== undefined);
    },
    write: async (record) => {
      await mkdir(folder, { recursive: true });
      const temporary = `${pathOf(record.cluster)}.${process.pid}.tmp`;
      await writeFile(temporary, JSON.stringify(record));
      await rename(temporary, pathOf(record.cluster));
    },
    remove: (cluster) => rm(pathOf(cluster), { force: true }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
