import { testKey, type TestKey } from "../../../../../examples/rag-server/src/testing/test-keys.ts";

const many = { requests_per_minute: 1_000_000 };

/** The keys of a platform under test, by name. */
export const createPlatformKeys = (): Readonly<Record<PlatformKey, TestKey>> => ({
  admin: testKey("admin", { roles: ["admin"], ...many }),
  manager: testKey("manager", { roles: ["manager"], ...many }),
  writer: testKey("writer", { roles: ["writer"], ...many }),
  reader: testKey("reader", { roles: ["reader"], ...many }),
  observer: testKey("observer", { roles: ["observer"], ...many }),
  acme: testKey("acme", { roles: ["manager"], tenant: "acme", ...many }),
  rival: testKey("rival", { roles: ["manager"], tenant: "rival", ...many }),
  expired: testKey("expired", { roles: ["admin"], expires_at: "2020-01-01T00:00:00Z", ...many }),
});

/** Names of the keys: five roles, two tenants, and a key that has expired. */
export type PlatformKey =
  "admin" | "manager" | "writer" | "reader" | "observer" | "acme" | "rival" | "expired";
