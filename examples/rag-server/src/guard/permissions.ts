/** Every permission, as the second brief names them. */
export const permissions = [
  "GenerateText",
  "HealthCheck",
  "ViewMetrics",
  "InsertVectors",
  "SearchVectors",
  "UpdateVectors",
  "DeleteVectors",
  "ManageCollections",
  "CreateSnapshots",
  "ViewAnalytics",
  "AdministerSystem",
] as const;

/** A right to use some of the routes. */
export type Permission = (typeof permissions)[number];
