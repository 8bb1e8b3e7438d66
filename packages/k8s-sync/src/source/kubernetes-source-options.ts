import { parseOptions, part, systemClock, type Clock } from "@binnacle/core/kit";
import { z } from "zod";
import type { ClusterAccess } from "../cluster/cluster-access.ts";
import type { RedactionOptions } from "../redaction/redaction-options.ts";
import type { VolatileField } from "../rendering/create-volatile-fields.ts";
import type { KubernetesSourceEvent } from "./source-event.ts";

/** Names to take and names to leave out. */
export interface NameSelection {
  /** Only these. @default all */
  readonly include?: readonly string[] | undefined;
  /** All but these. @default see the option */
  readonly exclude?: readonly string[] | undefined;
}

/** Options of {@link createKubernetesSource}. */
export interface KubernetesSourceOptions {
  /** Name of the cluster. It is the id of the source and part of every document id, so that several clusters
   * can share a collection. Never change it. */
  readonly cluster: string;
  /** The API server and the credentials, or a function that reads them on first use. */
  readonly access: ClusterAccess | (() => Promise<ClusterAccess>);
  /**
   * Namespaces. With `include`, each type is listed in each of these namespaces, so that a Role in each is
   * enough. Otherwise each type is listed once, without the excluded namespaces.
   * @default all but `kube-system`, `kube-public` and `kube-node-lease`
   */
  readonly namespaces?: NameSelection | undefined;
  /** Reads objects without a namespace too, such as nodes. @default true without `namespaces.include` */
  readonly clusterScoped?: boolean | undefined;
  /**
   * Types as kubectl names them, such as `deployments.apps`, or their kinds, such as `Deployment`. `exclude`
   * adds to the default; only `include` brings back a type that is left out by default.
   * Warning events have no documents of their own: the objects that they are about tell them.
   * @default all but Secret, Lease, EndpointSlice, Endpoints and ControllerRevision
   */
  readonly kinds?: NameSelection | undefined;
  /** Reads only objects with these labels, in the syntax of kubectl: `app=web,tier!=test`. @default all */
  readonly labelSelector?: string | undefined;
  /** Says which values may leave an object. @default no value of a Secret or ConfigMap, no literal of an
   * environment variable */
  readonly redaction?: RedactionOptions | undefined;
  /**
   * `folded`: the document of a controller describes its pods, ReplicaSets and Jobs. `own`: each has its own.
   * @default "folded"
   */
  readonly replicas?: "folded" | "own" | undefined;
  /** Status fields of unknown types that are left out from the start: the `field-left-out` events of earlier processes,
   * in their order. Give them to the reader too, so that `verifyCluster` hashes as the source does. @default none */
  readonly volatileFields?: readonly VolatileField[] | undefined;
  /** Objects in one page of a list. @default 500 */
  readonly pageSize?: number | undefined;
  /**
   * Lists a type by the start of its watch, if the server offers that. It spares etcd on servers before 1.34, which
   * read every page there. It takes up to a second more for each type, because the server ends such a list late.
   * @default false
   */
  readonly streamedLists?: boolean | undefined;
  /** Lists that run at the same time. @default 16 */
  readonly listConcurrency?: number | undefined;
  /** Most bytes of pending changes, and most bytes of documents that wait for the indexer. @default
   * 67_108_864 (64 MiB) */
  readonly maxPendingBytes?: number | undefined;
  /** Milliseconds of silence after which a watch is opened again. @default 90_000 */
  readonly idleMs?: number | undefined;
  /** Milliseconds between two searches for new types. A changed CustomResourceDefinition or APIService
   * starts a search at once. @default 300_000 */
  readonly rediscoverMs?: number | undefined;
  /** Milliseconds until a forbidden type is tried again. @default 300_000 */
  readonly forbiddenRetryMs?: number | undefined;
  /** Milliseconds between two lists of a type that cannot be watched. @default 60_000 */
  readonly pollMs?: number | undefined;
  /** Milliseconds between two comparisons of what the watches have shown with lists of metadata. `status` reports the
   * differences. A scope with differences is listed again. @default 21_600_000 (6 hours) */
  readonly reconcileMs?: number | undefined;
  /** Called for events that need no action, such as a search for types that failed. */
  readonly onEvent?: ((event: KubernetesSourceEvent) => void) | undefined;
  /** Time and timers. Tests pass a clock of their own. @default the machine's clock */
  readonly clock?: Clock | undefined;
  /** Returns a number from 0 to below 1, for waits. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** {@link KubernetesSourceOptions} with defaults. */
export interface KubernetesSourceSettings {
  readonly cluster: string;
  readonly access: () => Promise<ClusterAccess>;
  readonly namespaces: {
    readonly include: readonly string[] | undefined;
    readonly exclude: readonly string[];
  };
  readonly clusterScoped: boolean;
  readonly kinds: { readonly include: readonly string[] | undefined; readonly exclude: readonly string[] };
  readonly labelSelector: string | undefined;
  readonly redaction: RedactionOptions;
  readonly replicas: "folded" | "own";
  readonly volatileFields: readonly VolatileField[];
  readonly pageSize: number;
  readonly streamedLists: boolean;
  readonly listConcurrency: number;
  readonly maxPendingBytes: number;
  readonly idleMs: number;
  readonly rediscoverMs: number;
  readonly forbiddenRetryMs: number;
  readonly pollMs: number;
  readonly reconcileMs: number;
  readonly onEvent: (event: KubernetesSourceEvent) => void;
  readonly clock: Clock;
  readonly random: () => number;
}

const systemNamespaces = ["kube-system", "kube-public", "kube-node-lease"];

const isFunction = (value: unknown): boolean => typeof value === "function";
const name = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "expected the name of a namespace, such as `shop`");
const names = (each: z.ZodString) =>
  z.strictObject({
    include: z
      .array(each)
      .min(1, "an empty list selects nothing; leave it out to select everything")
      .optional(),
    exclude: z.array(each).optional(),
  });
const milliseconds = z.number().positive();

const schema = z.strictObject({
  cluster: z.string().regex(/^[\w.-]+$/, "expected letters, digits, `.`, `_` and `-`, such as `prod-eu`"),
  access: z.union([
    z.custom<() => Promise<ClusterAccess>>(isFunction, "expected a function that returns a ClusterAccess"),
    z.strictObject({
      url: z.url({ protocol: /^https?$/ }),
      credentials: z
        .custom<NonNullable<ClusterAccess["credentials"]>>(isFunction, "expected a function")
        .optional(),
      fetch: z.custom<NonNullable<ClusterAccess["fetch"]>>(isFunction, "expected a function").optional(),
    }),
  ]),
  namespaces: names(name).default({}),
  clusterScoped: z.boolean().optional(),
  kinds: names(z.string().min(1)).default({}),
  labelSelector: z.string().min(1).optional(),
  redaction: z
    .custom<RedactionOptions>((value) => typeof value === "object" && value !== null, "expected an object")
    .default({}),
  replicas: z.enum(["folded", "own"]).default("folded"),
  volatileFields: z.array(z.strictObject({ type: z.string(), path: z.string() })).default([]),
  pageSize: z.int().positive().default(500),
  streamedLists: z.boolean().default(false),
  listConcurrency: z.int().positive().default(16),
  maxPendingBytes: z
    .int()
    .positive()
    .default(64 * 2 ** 20),
  idleMs: milliseconds.default(90_000),
  rediscoverMs: milliseconds.default(300_000),
  forbiddenRetryMs: milliseconds.default(300_000),
  pollMs: milliseconds.default(60_000),
  reconcileMs: milliseconds.default(21_600_000),
  onEvent: z
    .custom<(event: KubernetesSourceEvent) => void>(isFunction, "expected a function")
    .default(() => () => undefined),
  clock: part<Clock>(["now", "monotonicNow", "startTimer"], "a Clock").default(systemClock),
  random: z.custom<() => number>(isFunction, "expected a function").default(() => Math.random),
});

/** Checks the options and adds defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseKubernetesSourceOptions(options: KubernetesSourceOptions): KubernetesSourceSettings {
  const parsed = parseOptions("createKubernetesSource", schema, options);
  const { access, namespaces, kinds, clusterScoped } = parsed;
  const { include } = namespaces;
  return {
    ...parsed,
    labelSelector: parsed.labelSelector,
    access: typeof access === "function" ? access : () => Promise.resolve(access),
    namespaces: { include, exclude: namespaces.exclude ?? systemNamespaces },
    clusterScoped: clusterScoped ?? include === undefined,
    kinds: { include: kinds.include, exclude: kinds.exclude ?? [] },
  };
}
