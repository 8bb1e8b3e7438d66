import { roles } from "../../../../examples/rag-server/src/guard/roles.ts";
import { openApi } from "../../../../examples/rag-server/src/testing/open-api.ts";
import { exactly, shown, type Experiment } from "../experiment.ts";
import { serverFaults } from "./stand/server-faults.ts";
import { startPlatform, type PlatformRequest } from "./stand/start-platform.ts";

const callers = [
  "admin",
  "manager",
  "writer",
  "reader",
  "observer",
  "acme",
  "expired",
  "none",
  "wrong",
] as const;
type Caller = (typeof callers)[number];

/** SB-T2: every route and every role, over HTTP. */
export const rolesMatrix: Experiment = {
  title: "every route with every role, a tenant's key, and no valid key",
  missing: () => Promise.resolve(undefined),
  run: async () => {
    const declared = await guardedRoutes();
    const platform = await startPlatform();
    try {
      const wrong: string[] = [];
      let [calls, allowed, denied] = [0, 0, 0];
      for (const route of declared)
        for (const caller of callers) {
          const path = route.path.replace(":snapshot", "a.snapshot").replaceAll(/:\w+/g, "none");
          const body = route.method === "POST" || route.method === "PUT" ? {} : undefined;
          const response = await platform.send(route.method, path, { ...credentials(caller), body });
          await response.text();
          const wanted = wantedOf(caller, route);
          const got = response.status === 401 || response.status === 403 ? response.status : "allowed";
          calls += 1;
          if (wanted === got) continue;
          wrong.push(`${caller}: ${route.method} ${route.path}: ${response.status}, not ${wanted}`);
          if (got === "allowed") allowed += 1;
          else denied += 1;
        }
      for (const line of wrong) console.error(`reliability: T2 ${line}`);
      return [
        shown("routes", declared.length, ""),
        shown("calls", calls, ""),
        exactly("wrongly allowed", allowed, 0),
        exactly("wrongly denied", denied, 0),
        ...serverFaults(platform.server),
      ];
    } finally {
      await platform.close();
    }
  },
};

interface GuardedRoute {
  readonly method: string;
  readonly path: string;
  readonly permission: string;
  readonly operatorOnly: boolean;
}

/** Reads the routes of the same app in this process, because its HTTP API does not list permissions. */
async function guardedRoutes(): Promise<readonly GuardedRoute[]> {
  const api = await openApi();
  try {
    return api.app.apiRoutes().flatMap(({ method, path, access }) => {
      if (access === "public" || method === "HEAD") return [];
      return [{ method, path, permission: access.permission, operatorOnly: access.operatorOnly ?? false }];
    });
  } finally {
    await api.close();
  }
}

function wantedOf(caller: Caller, { permission, operatorOnly }: GuardedRoute): 401 | 403 | "allowed" {
  if (caller === "none" || caller === "wrong" || caller === "expired") return 401;
  const granted: readonly string[] = roles[caller === "acme" ? "manager" : caller];
  if (caller === "acme" && operatorOnly) return 403;
  return granted.includes(permission) ? "allowed" : 403;
}

function credentials(caller: Caller): Pick<PlatformRequest, "key" | "headers"> {
  if (caller === "none") return { headers: { authorization: "" } };
  if (caller === "wrong") return { headers: { authorization: `Bearer bk_admin_${"x".repeat(43)}` } };
  return { key: caller };
}
