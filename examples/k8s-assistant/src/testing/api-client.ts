import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { dirname, join } from "node:path";
import { z } from "zod";

/** Sends requests to the API server of a test, as a user with all rights. */
export interface ApiClient {
  /** Sends JSON and returns the answer. Throws unless the status is 2xx. */
  send(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<unknown>;
  /** Creates every object of a List. */
  apply(list: unknown, options?: { readonly dryRun?: boolean }): Promise<void>;
}

const kubeconfigSchema = z.string().transform((text) => {
  const server = /server: "([^"]+)"/.exec(text)?.[1] ?? "";
  const token = /token: ([\w-]+)/.exec(text)?.[1] ?? "";
  return { server, token };
});

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
const listSchema = z.object({ items: z.array(object) });

/** Creates a client from kubelab's kubeconfig. */
export async function createApiClient(kubeconfig: string): Promise<ApiClient> {
  const { server, token } = kubeconfigSchema.parse(await readFile(kubeconfig, "utf8"));
  const ca = await readFile(join(dirname(kubeconfig), "apiserver.crt"));
  const send: ApiClient["send"] = (method, path, body) =>
    new Promise((resolve, reject) => {
      const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
      const headers = { authorization: `Bearer ${token}`, "content-type": type };
      const outgoing = request(new URL(path, server), { method, headers, ca }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.once("end", () => {
          const status = response.statusCode ?? 0;
          if (status < 300) resolve(JSON.parse(text));
          else reject(new Error(`${method} ${path}: ${status} ${text}`));
        });
      });
      outgoing.once("error", reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return {
    send,
    apply: async (list, { dryRun = false } = {}) => {
      for (const item of listSchema.parse(list).items)
        await send(
          "POST",
          `${collectionPath(item)}${dryRun ? "?dryRun=All&fieldValidation=Strict" : ""}`,
          item,
        );
    },
  };
}

function collectionPath({ apiVersion, kind, metadata: { namespace } }: z.infer<typeof object>): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const lower = kind.toLowerCase();
  const plural = lower.endsWith("y")
    ? `${lower.slice(0, -1)}ies`
    : /(?:s|ss)$/.test(lower)
      ? `${lower}es`
      : `${lower}s`;
  return `${root}${namespace === undefined ? "" : `/namespaces/${namespace}`}/${plural}`;
}
