/** A route as one of the two briefs writes it. */
export interface BriefRoute {
  readonly brief: "T" | "Q";
  readonly method: string;
  readonly path: string;
}

const t = (method: string, path: string): BriefRoute => ({ brief: "T", method, path });
const q = (method: string, path: string): BriefRoute => ({ brief: "Q", method, path: `/api/v1${path}` });

/** The routes of both briefs, in their order. */
export const briefRoutes: readonly BriefRoute[] = [
  t("POST", "/chat"),
  t("POST", "/embed"),
  t("GET", "/health"),
  t("GET", "/docs"),
  q("POST", "/generate"),
  q("POST", "/generate/batch"),
  q("GET", "/health"),
  q("GET", "/metrics"),
  q("POST", "/vectors/insert"),
  q("POST", "/vectors/batch"),
  q("PUT", "/vectors/:id"),
  q("DELETE", "/vectors/:id"),
  q("GET", "/vectors/:id"),
  q("POST", "/vectors/search"),
  q("POST", "/vectors/search/batch"),
  q("POST", "/vectors/recommend"),
  q("POST", "/vectors/cluster"),
  q("POST", "/collections"),
  q("GET", "/collections"),
  q("GET", "/collections/:name"),
  q("PUT", "/collections/:name"),
  q("DELETE", "/collections/:name"),
  q("POST", "/collections/:name/snapshot"),
  q("GET", "/analytics/vectors"),
  q("GET", "/analytics/search"),
  q("GET", "/analytics/usage"),
];
