import type { HttpFetch, TlsOptions } from "@binnacle/core/kit";

/** Credentials for an API server. */
export interface ClusterCredentials {
  /** Headers of every request, such as `authorization`. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Trusted authorities and the client's certificate. @default Node's own authorities, no certificate */
  readonly tls?: TlsOptions | undefined;
}

/** The address of an API server and the way to log in. `readKubeconfig` creates it from a kubeconfig. */
export interface ClusterAccess {
  /** URL of the API server, such as `https://10.0.0.1:6443`. */
  readonly url: string;
  /**
   * Returns the credentials. The source asks again every 30 seconds and after each 401, so that rotated
   * tokens and certificates take effect.
   * @default no credentials
   */
  readonly credentials?: (() => Promise<ClusterCredentials>) | undefined;
  /** A `fetch` for tests, or the app's own. Certificates then have no effect. @default undici's fetch */
  readonly fetch?: HttpFetch | undefined;
}
