import { BinnacleError, ConfigurationError } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import type { KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";
import type { ClusterAccess, ClusterCredentials } from "../cluster/cluster-access.ts";

/** Options of {@link kubeconfigAccess}. */
export interface KubeconfigOptions {
  /** Path of a kubeconfig. @default `KUBECONFIG`, then `~/.kube/config`, then the pod's service account */
  readonly path?: string | undefined;
  /** Context of the kubeconfig. @default the current context */
  readonly context?: string | undefined;
}

/** The fields that client-node fills in. */
interface RequestFields {
  headers?: Record<string, string>;
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  passphrase?: string;
  rejectUnauthorized?: boolean;
  servername?: string;
  auth?: string;
}

const schema = z.strictObject({ path: z.string().min(1).optional(), context: z.string().min(1).optional() });

/**
 * Returns a function for the option `access`. On first use it loads `@kubernetes/client-node`, which reads
 * the kubeconfig and gets credentials from it: tokens, token files, certificates, exec plugins and OIDC.
 * Throws a `ConfigurationError` with code `invalid_kubeconfig` then, if the kubeconfig names no cluster.
 */
export function kubeconfigAccess(options: KubeconfigOptions = {}): () => Promise<ClusterAccess> {
  const settings = parseOptions("kubeconfigAccess", schema, options);
  return async () => accessOf(await loadKubeconfig(settings));
}

async function loadKubeconfig({ path, context }: KubeconfigOptions): Promise<KubeConfig> {
  const { KubeConfig: Config } = await loadClient();
  const config = new Config();
  const where = path === undefined ? "the default kubeconfig" : `"${path}"`;
  try {
    if (path === undefined) config.loadFromDefault();
    else config.loadFromFile(path);
  } catch (cause) {
    // Without the cause's message, because a parser quotes the text around a mistake, which may be a token.
    throw invalid(`${where} cannot be read (${codeOf(cause)}). Check the path and the YAML.`);
  }
  if (context !== undefined) {
    const known = config.getContexts().map(({ name }) => name);
    if (!known.includes(context))
      throw invalid(`${where} has no context "${context}", it has ${known.join(", ") || "none"}.`);
    config.setCurrentContext(context);
  }
  if (config.getCurrentCluster() === null)
    throw invalid(`${where} names no cluster. Set its \`current-context\`, or give \`context\`.`);
  return config;
}

async function loadClient(): Promise<typeof import("@kubernetes/client-node")> {
  try {
    return await import("@kubernetes/client-node");
  } catch (cause) {
    const message =
      "kubeconfigAccess: the package @kubernetes/client-node cannot be loaded. Install it with `npm install @kubernetes/client-node`, with Node 22.19 or later.";
    throw new BinnacleError("missing_client", message, { cause });
  }
}

function accessOf(config: KubeConfig): ClusterAccess {
  const url = config.getCurrentCluster()?.server ?? "";
  return {
    url,
    credentials: async () => {
      const { headers, tls } = credentialsOf(await requestFields(config));
      // `kubectl proxy` serves plain HTTP, to which no certificates apply.
      return url.startsWith("http:") ? { headers } : { headers, tls };
    },
  };
}

async function requestFields(config: KubeConfig): Promise<RequestFields> {
  const fields: RequestFields = {};
  try {
    await config.applyToHTTPSOptions(fields);
  } catch (cause) {
    const message = `kubeconfigAccess: the credentials of user "${config.getCurrentUser()?.name ?? ""}" cannot be read (${codeOf(cause)}). Log in again, or check the command and the files that the kubeconfig names.`;
    throw new BinnacleError("no_credentials", message, { retryable: true });
  }
  return fields;
}

function credentialsOf(fields: RequestFields): ClusterCredentials {
  const { headers = {}, auth, ca, cert, key, passphrase, rejectUnauthorized, servername } = fields;
  const basic = auth === undefined ? {} : { authorization: `Basic ${Buffer.from(auth).toString("base64")}` };
  const tls = {
    ...(ca === undefined ? {} : { ca: ca.toString() }),
    ...(cert === undefined || key === undefined ? {} : { cert: cert.toString(), key: key.toString() }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(servername === undefined ? {} : { serverName: servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
  return { headers: { ...headers, ...basic }, ...(Object.keys(tls).length === 0 ? {} : { tls }) };
}

function invalid(message: string): ConfigurationError {
  return new ConfigurationError(`kubeconfigAccess: ${message}`, { code: "invalid_kubeconfig" });
}

function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause;
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
}
