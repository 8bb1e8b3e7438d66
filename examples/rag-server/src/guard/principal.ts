import { permissions, type Permission } from "./permissions.ts";

/** The caller of one request. */
export interface Principal {
  /** Name in limits and in the audit log. */
  readonly id: string;
  /** The tenant whose data the caller sees. Undefined: the operator, who may act for any tenant. */
  readonly tenant?: string | undefined;
  readonly permissions: ReadonlySet<Permission>;
  /** Names of the collections that the caller may use. Undefined: all. */
  readonly collections?: readonly string[] | undefined;
  /** Most requests per minute and route. @default the server's */
  readonly perMinute?: number | undefined;
  /** Most requests per day, over all routes. @default none */
  readonly perDay?: number | undefined;
}

/** The caller of a server without keys, which listens on a loopback address only. */
export const localPrincipal: Principal = { id: "local", permissions: new Set(permissions) };
