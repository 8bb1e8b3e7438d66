import { permissions, type Permission } from "./permissions.ts";

const reader = ["HealthCheck", "SearchVectors", "GenerateText"] as const;
const writer = [...reader, "InsertVectors", "UpdateVectors", "DeleteVectors"] as const;

/** Names for sets of permissions. A key may have several roles and further permissions. */
export const roles = {
  /** Asks questions and searches. */
  reader,
  /** Also writes vectors. */
  writer,
  /** Reads health, metrics and analytics, and no content. */
  observer: ["HealthCheck", "ViewMetrics", "ViewAnalytics"],
  /** Also manages collections and copies them. */
  manager: [...writer, "ManageCollections", "CreateSnapshots", "ViewAnalytics", "ViewMetrics"],
  /** Has every permission. */
  admin: permissions,
} as const satisfies Readonly<Record<string, readonly Permission[]>>;

/** The name of a role. */
export type Role = keyof typeof roles;
