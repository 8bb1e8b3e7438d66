import { TLSSocket } from "node:tls";
import { Agent } from "undici";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { createAuthority, encryptedKey, type Authority, type Identity } from "./fixtures/certificates.ts";
import { Loopback } from "./fixtures/loopback.ts";
import { createHttpClient } from "./http-client.ts";
import type { TlsOptions } from "./tls-options.ts";

const loopback = new Loopback();
afterEach(() => loopback.close());

const unchecked = (value: unknown): unknown => value;
let authority: Authority;
let server: Identity;
beforeAll(() => {
  authority = createAuthority("Test authority");
  server = authority.issue("server", ["127.0.0.1", "localhost"]);
});

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

/** Asks a server that answers with the name in the client's certificate. */
async function ask(identity: Identity, tls: TlsOptions | undefined, serverOptions = {}): Promise<unknown> {
  const url = await loopback.serveTls({ ...identity, ...serverOptions }, ({ socket }, response) => {
    const certificate = socket instanceof TLSSocket ? socket.getPeerCertificate() : undefined;
    response.end(JSON.stringify({ client: certificate?.subject?.CN ?? null }));
  });
  return await loopback.client(url, { tls }).json({ path: "/" }, unchecked);
}

describe("for a server with a private certificate authority (T63)", () => {
  test("trusts the server with that authority, alone or in a list", async () => {
    expect(await ask(server, { ca: authority.cert })).toEqual({ client: null });
    const other = createAuthority("Another authority").cert;
    expect(await ask(server, { ca: [other, authority.cert] })).toEqual({ client: null });
  });

  test("rejects the server without that authority, and the error is not retryable", async () => {
    for (const tls of [undefined, { ca: createAuthority("Another authority").cert }]) {
      expect(await failure(ask(server, tls))).toMatchObject({ code: "tls_failed", retryable: false });
    }
  });

  test("accepts any certificate only if the caller says so", async () => {
    expect(await ask(server, { rejectUnauthorized: false })).toEqual({ client: null });
  });

  test("requires the host of the address or the given server name in the certificate", async () => {
    const internal = authority.issue("server", ["kubernetes.default.svc"]);
    const ca = authority.cert;
    expect(await failure(ask(internal, { ca }))).toMatchObject({ code: "tls_failed" });
    expect(await ask(internal, { ca, serverName: "kubernetes.default.svc" })).toEqual({ client: null });
    expect(await failure(ask(server, { ca, serverName: "kubernetes.default.svc" }))).toMatchObject({
      code: "tls_failed",
    });
  });
});

describe("for a server that requires a client certificate (T63)", () => {
  // Over TLS 1.3 a server may refuse the certificate only by closing the connection, which says nothing of
  // the cause.
  const asking = () => ({
    ca: authority.cert,
    requestCert: true,
    rejectUnauthorized: true,
    maxVersion: "TLSv1.2",
  });

  test("sends the certificate, even with an encrypted key", async () => {
    const { cert, key } = authority.issue("the client");
    const ca = authority.cert;
    expect(await ask(server, { ca, cert, key }, asking())).toEqual({ client: "the client" });
    const encrypted = { ca, cert, key: encryptedKey(key, "hush"), passphrase: "hush" };
    expect(await ask(server, encrypted, asking())).toEqual({ client: "the client" });
  });

  test("fails without a certificate, and the error is not retryable", async () => {
    expect(await failure(ask(server, { ca: authority.cert }, asking()))).toMatchObject({
      code: "tls_failed",
      retryable: false,
    });
  });
});

describe("for invalid options, before anything is sent and without quoting a key", () => {
  const make = (tls: TlsOptions, baseUrl = "https://h") => {
    try {
      createHttpClient({ baseUrl, tls });
    } catch (error) {
      expect(ConfigurationError.isInstance(error)).toBe(true);
      expect(String(error)).not.toMatch(/hush|PRIVATE/);
      return String(error);
    }
    return "accepted";
  };

  test("refuses a certificate without its key, a key without its certificate, and a foreign key", () => {
    const [one, two] = [authority.issue("one"), authority.issue("two")];
    expect(make({ cert: one.cert })).toContain("tls: `cert` needs its `key`");
    expect(make({ key: one.key })).toContain("tls: `key` needs its `cert`");
    expect(make({ cert: one.cert, key: two.key })).toContain("do not work together");
    expect(make(one)).toBe("accepted");
  });

  test("refuses text that is not PEM, and a wrong passphrase", () => {
    const { cert, key } = authority.issue("one");
    expect(make({ ca: "/etc/ca.pem" })).toContain("`ca` must be PEM text");
    expect(make({ ca: [authority.cert, "hush"] })).toContain("`ca` must be PEM text");
    expect(make({ cert, key: "hush" })).toContain("do not work together");
    expect(make({ cert, key: encryptedKey(key, "hush"), passphrase: "wrong hush" })).toContain(
      "do not work together",
    );
  });

  test("refuses TLS options without https, and together with a fetch or an Agent", () => {
    const tls = { ca: authority.cert };
    expect(make(tls, "http://h")).toContain("tls: needs an https URL");
    const fetch = () => expect.unreachable();
    expect(() => createHttpClient({ baseUrl: "https://h", tls, fetch })).toThrow(
      /tls: has no effect together with fetch/,
    );
    const dispatcher = new Agent();
    expect(() => createHttpClient({ baseUrl: "https://h", http2: true, dispatcher })).toThrow(
      /http2: has no effect together with dispatcher/,
    );
  });
});
