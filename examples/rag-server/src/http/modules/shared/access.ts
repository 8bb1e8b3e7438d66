import type { FastifyInstance, RouteOptions } from "fastify";
import type { Permission } from "../../../guard/permissions.ts";
import type { Principal } from "../../../guard/principal.ts";

/** The rules for the callers of one route. */
export interface GuardedAccess {
  readonly permission: Permission;
  /** Row of the requirements that asks for the route. */
  readonly row: string;
  /** True: a tenant's key cannot call it, because it touches what all tenants share. @default false */
  readonly operatorOnly?: boolean | undefined;
  /** True: every call is written to the audit log. @default false */
  readonly isAudited?: boolean | undefined;
  /** True: calls are not counted by the limits. @default false */
  readonly isUnlimited?: boolean | undefined;
}

/** `public`: anybody may call the route without a key. */
export type RouteAccess = GuardedAccess | "public";

declare module "fastify" {
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
  interface FastifyRequest {
    /** The caller, once the guard has recognised the key. */
    principal: Principal;
  }
}

/** One route as it was registered. */
export interface RegisteredRoute {
  readonly method: string;
  readonly path: string;
  readonly access: RouteAccess;
}

/**
 * Collects every route of the app from now on. The app does not start if a route declares no access, so that
 * no route is open by mistake. Returns a function that lists the routes.
 */
export function collectRoutes(app: FastifyInstance): () => readonly RegisteredRoute[] {
  const found: RouteOptions[] = [];
  app.addHook("onRoute", (route) => void found.push(route));
  // The hooks of a plugin run after those of the app, and may still set the access.
  const list = (): readonly RegisteredRoute[] =>
    found.flatMap(({ method, url, config }) => {
      const access = config?.access;
      if (access === undefined)
        throw new TypeError(`${String(method)} ${url} declares no access; set config.access`);
      return [method].flat().map((one) => ({ method: one, path: url, access }));
    });
  app.addHook("onReady", async () => void list());
  return list;
}

/** Registers routes that anybody may call, such as the page's files. */
export async function registerPublic(
  app: FastifyInstance,
  mount: (scope: FastifyInstance) => Promise<void>,
): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook("onRoute", (route) => {
      route.config = { ...route.config, access: "public" };
    });
    await mount(scope);
  });
}
