import { RequestError } from "@binnacle/core";
import { parseResponse, type Clock } from "@binnacle/core/kit";
import { z } from "zod";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import { resourcePath } from "../cluster/resource-path.ts";

/** The state of a Lease that a replica saw. */
export interface LeaseView {
  /** Empty if no replica holds it. */
  readonly holder: string;
  readonly resourceVersion: string;
  readonly transitions: number;
  readonly acquireTime: string | undefined;
}

/** Options of {@link LeaseRecord}. */
export interface LeaseRecordOptions {
  readonly namespace: string;
  readonly name: string;
  readonly leaseMs: number;
  readonly clock: Clock;
}

const type = { group: "coordination.k8s.io", version: "v1", plural: "leases" };
const schema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  spec: z
    .object({
      holderIdentity: z.string().nullish(),
      leaseTransitions: z.number().nullish(),
      acquireTime: z.string().nullish(),
    })
    .nullish(),
});

/** Reads and writes one Lease. The server refuses a write that is based on an older state. */
export class LeaseRecord {
  readonly #client: ClusterClient;
  readonly #options: LeaseRecordOptions;

  constructor(client: ClusterClient, options: LeaseRecordOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** Returns the state. Undefined if the Lease does not exist. */
  async read(signal: AbortSignal): Promise<LeaseView | undefined> {
    const { namespace, name } = this.#options;
    try {
      return viewOf(await this.#client.json({ path: resourcePath(type, namespace, name) }, { signal }));
    } catch (error) {
      if (RequestError.isInstance(error) && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Writes the holder. Returns undefined if another replica was faster. */
  async write(
    before: LeaseView | undefined,
    holder: string,
    signal: AbortSignal,
  ): Promise<LeaseView | undefined> {
    const { namespace, name } = this.#options;
    const object = this.#objectOf(before, holder);
    const request =
      before === undefined
        ? ({ method: "POST", path: resourcePath(type, namespace), json: object } as const)
        : ({ method: "PUT", path: resourcePath(type, namespace, name), json: object } as const);
    try {
      return viewOf(await this.#client.json(request, { signal }));
    } catch (error) {
      if (RequestError.isInstance(error) && error.status === 409) return undefined;
      throw error;
    }
  }

  #objectOf(before: LeaseView | undefined, holder: string): object {
    const { namespace, name, leaseMs, clock } = this.#options;
    // The server's MicroTime wants six decimals, and `toISOString` writes three.
    const now = new Date(clock.now()).toISOString().replace("Z", "000Z");
    const isNew = holder !== before?.holder;
    return {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        namespace,
        name,
        ...(before === undefined ? {} : { resourceVersion: before.resourceVersion }),
      },
      spec: {
        holderIdentity: holder,
        leaseDurationSeconds: Math.max(1, Math.ceil(leaseMs / 1000)),
        acquireTime: isNew ? now : (before?.acquireTime ?? now),
        renewTime: now,
        leaseTransitions: (before?.transitions ?? 0) + (isNew && holder !== "" ? 1 : 0),
      },
    };
  }
}

function viewOf(value: unknown): LeaseView {
  const { metadata, spec } = parseResponse("Lease", schema, value);
  return {
    holder: spec?.holderIdentity ?? "",
    resourceVersion: metadata.resourceVersion,
    transitions: spec?.leaseTransitions ?? 0,
    acquireTime: spec?.acquireTime ?? undefined,
  };
}
