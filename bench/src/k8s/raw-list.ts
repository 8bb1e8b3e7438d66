import { DatabaseSync } from "node:sqlite";
import { createClusterReader, type ResourceType } from "@binnacle/k8s-sync";
import { kubeconfigAccess } from "@binnacle/k8s-sync/kubeconfig";
import { RealCluster } from "../../../packages/k8s-sync/src/source/fixtures/real-cluster.ts";

/** The types that a source leaves out by default. */
const leftOut: ReadonlySet<string> = new Set([
  "secrets",
  "leases",
  "endpointslices",
  "endpoints",
  "controllerrevisions",
  "events",
]);

interface RawPage {
  readonly items: readonly { readonly metadata: { readonly uid: string } }[] | null;
  readonly metadata: { readonly continue?: string };
}

/** The least that an index of a cluster can cost: its lists, their JSON, and optionally one row for each object. */
export class RawLists {
  readonly #cluster: RealCluster;
  readonly #paths: readonly string[];

  private constructor(cluster: RealCluster, paths: readonly string[]) {
    this.#cluster = cluster;
    this.#paths = paths;
  }

  /** Reads the types of the cluster. */
  static async open(cluster: RealCluster, kubeconfig: string): Promise<RawLists> {
    const access = kubeconfigAccess({ path: kubeconfig });
    const reader = createClusterReader({ cluster: "lab", access });
    const { types } = await reader.types();
    await reader.close();
    return new RawLists(cluster, types.filter(({ plural }) => !leftOut.has(plural)).map(pathOf));
  }

  /** Lists all types in pages of 500. Returns the number of objects. */
  async list(onPage: (page: RawPage) => void = () => undefined): Promise<number> {
    let objects = 0;
    const one = async (path: string): Promise<void> => {
      let next: string | undefined;
      do {
        const query = { limit: 500, continue: next };
        const page = asPage(await this.#cluster.client.json({ path, query }));
        objects += page.items?.length ?? 0;
        onPage(page);
        next = page.metadata.continue;
      } while (next !== undefined && next !== "");
    };
    const left = [...this.#paths];
    const worker = async (): Promise<void> => {
      for (let path = left.shift(); path !== undefined; path = left.shift()) await one(path);
    };
    // A source lists 16 types at the same time too.
    await Promise.all(Array.from({ length: 16 }, worker));
    return objects;
  }

  /** Lists all types and writes each object as a row of JSON. */
  async write(path: string): Promise<number> {
    const database = new DatabaseSync(path);
    database.exec("PRAGMA journal_mode = WAL; CREATE TABLE objects (uid TEXT PRIMARY KEY, json TEXT)");
    const insert = database.prepare("INSERT INTO objects VALUES (?, ?)");
    try {
      return await this.list(({ items }) => {
        database.exec("BEGIN");
        for (const item of items ?? []) insert.run(item.metadata.uid, JSON.stringify(item));
        database.exec("COMMIT");
      });
    } finally {
      database.close();
    }
  }
}

function pathOf({ group, version, plural }: ResourceType): string {
  return group === "" ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`;
}

/** The real server's answer to a list. */
function asPage(value: unknown): RawPage {
  if (isPage(value)) return value;
  throw new Error("a list of the API server has no items");
}

function isPage(value: unknown): value is RawPage {
  return typeof value === "object" && value !== null && "items" in value && "metadata" in value;
}
