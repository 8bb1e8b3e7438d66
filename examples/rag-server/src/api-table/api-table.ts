import type { RegisteredRoute } from "../http/modules/shared/access.ts";
import { briefRoutes } from "./brief-routes.ts";

/** One line of the table. */
export interface ApiLine {
  readonly route: string;
  readonly brief: string;
  readonly permission: string;
  readonly row: string;
  readonly test: string;
  readonly sqlite: string;
  readonly qdrant: string;
}

/** The facts that the table is made from. */
export interface ApiFacts {
  readonly routes: readonly RegisteredRoute[];
  /** Test files by requirement row. */
  readonly tests: ReadonlyMap<string, string>;
  /** Status by store and by route, such as `GET /health`. */
  readonly statuses: Readonly<Record<"sqlite" | "qdrant", ReadonlyMap<string, number>>>;
}

/** Makes one line for each route of the briefs and each other route of the server. An unknown cell is empty. */
export function apiTable({ routes, tests, statuses }: ApiFacts): readonly ApiLine[] {
  const known = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));
  const asked = new Map(briefRoutes.map((route) => [`${route.method} ${route.path}`, route.brief]));
  const others = routes.filter(isApiRoute).map(({ method, path }) => `${method} ${path}`);
  return [...new Set([...asked.keys(), ...others])].map((route) => {
    const access = (known.get(route) ?? known.get(`${route}/`))?.access;
    const row = rowOf(route, access);
    return {
      route,
      brief: asked.get(route) ?? "–",
      permission: access === undefined ? "" : access === "public" ? "public" : access.permission,
      row,
      test: tests.get(row) ?? "",
      sqlite: String(statuses.sqlite.get(route) ?? ""),
      qdrant: String(statuses.qdrant.get(route) ?? ""),
    };
  });
}

/** Returns true for a route that belongs to the API, and not to the page, the docs or the probes. */
function isApiRoute({ method, access }: RegisteredRoute): boolean {
  return access !== "public" && method !== "HEAD";
}

function rowOf(route: string, access: RegisteredRoute["access"] | undefined): string {
  if (access === undefined || access === "public") return route === "GET /docs" ? "T9" : "";
  return access.row;
}

/** Returns the lines as a table of text, and the routes that have an empty cell. */
export function printedTable(lines: readonly ApiLine[]): {
  readonly text: string;
  readonly incomplete: readonly string[];
} {
  const columns = ["route", "brief", "permission", "row", "sqlite", "qdrant", "test"] as const;
  const widths = columns.map((column) =>
    Math.max(column.length, ...lines.map((line) => line[column].length)),
  );
  const printed = [Object.fromEntries(columns.map((column) => [column, column])), ...lines].map((line) =>
    columns
      .map((column, i) => String(Reflect.get(line, column)).padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const incomplete = lines
    .filter((line) => columns.some((column) => line[column] === ""))
    .map(({ route }) => route);
  return { text: printed.join("\n"), incomplete };
}
