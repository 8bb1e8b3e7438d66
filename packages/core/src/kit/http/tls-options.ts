import { once } from "../once.ts";
import { z } from "zod";

/** The client's certificate, and the authorities that it trusts. Certificates and keys are PEM text, not
 * paths. */
export interface TlsOptions {
  /** Trusted certificate authorities, instead of Node's own. @default Node's own */
  readonly ca?: string | readonly string[] | undefined;
  /** The client's certificate, followed by its chain to the authority. Needs `key`. @default none */
  readonly cert?: string | undefined;
  /** The client's private key. Needs `cert`. @default none */
  readonly key?: string | undefined;
  /** Decrypts `key`. @default none */
  readonly passphrase?: string | undefined;
  /** The name that the server's certificate must contain. @default the host of the address */
  readonly serverName?: string | undefined;
  /** False: accepts any server certificate. Use it only in tests, because others can then read and change the
   * traffic.
   * @default true */
  readonly rejectUnauthorized?: boolean | undefined;
}

/** The schema of {@link TlsOptions}. Its issues never quote the key. */
export const tlsSchema: () => z.ZodType<TlsOptions> = once(() =>
  z
    .strictObject({
      ca: z.union([z.string(), z.array(z.string())]).optional(),
      cert: z.string().optional(),
      key: z.string().optional(),
      passphrase: z.string().optional(),
      serverName: z.string().min(1).optional(),
      rejectUnauthorized: z.boolean().optional(),
    })
    .superRefine((tls, context) => {
      const message = tlsIssue(tls);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    }),
);

function tlsIssue({ ca, cert, key, passphrase }: TlsOptions): string | undefined {
  if (cert !== undefined && key === undefined) return "`cert` needs its `key`";
  if (key !== undefined && cert === undefined) return "`key` needs its `cert`";
  // OpenSSL silently ignores authorities that it cannot read.
  const unreadable = [ca ?? []].flat().findIndex((pem) => !pem.includes("-----BEGIN CERTIFICATE-----"));
  if (unreadable !== -1) return "`ca` must be PEM text that holds -----BEGIN CERTIFICATE-----";
  try {
    // Loads TLS for those who use it. An import would cost each process that loads the kit 15 ms.
    process.getBuiltinModule("node:tls").createSecureContext({ ca: mutable(ca), cert, key, passphrase });
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    return `\`ca\`, \`cert\` and \`key\` do not work together (${code}). Give PEM text, and the key of this \`cert\``;
  }
}

/** Returns a mutable copy, which Node's types require. */
export function mutable(ca: TlsOptions["ca"]): string | string[] | undefined {
  return ca === undefined || typeof ca === "string" ? ca : [...ca];
}
