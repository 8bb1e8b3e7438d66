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

describe("a server with a private certificate authority (T63)", () => {
  test("it is trusted with that authority, alone or in a list", async () => {
    expect(await ask(server, { ca: authority.cert })).toEqual({ client: null });
    const other = createAuthority("Another authority").cert;
    expect(await ask(server, { ca: [other, authority.cert] })).toEqual({ client: null });
  });

  test("it is not trusted without, and a retry is not promised to help", async () => {
    for (const tls of [undefined, { ca: createAuthority("Another authority").cert }]) {
      expect(await failure(ask(server, tls))).toMatchObject({ code: "tls_failed", retryable: false });
    }
  });

  test("it is trusted with any certificate only if the caller says so", async () => {
    expect(await ask(server, { rejectUnauthorized: false })).toEqual({ client: null });
  });

  test("its certificate must bear the host of the address, or the server name that was given", async () => {
    const internal = authority.issue("server", ["kubernetes.default.svc"]);
    const ca = authority.cert;
    expect(await failure(ask(internal, { ca }))).toMatchObject({ code: "tls_failed" });
    expect(await ask(internal, { ca, serverName: "kubernetes.default.svc" })).toEqual({ client: null });
    expect(await failure(ask(server, { ca, serverName: "kubernetes.default.svc" }))).toMatchObject({
      code: "tls_failed",
    });
  });
});

describe("a server that asks for a client certificate (T63)", () => {
  // Over TLS 1.3 a server may refuse the certificate only by closing the connection, which says nothing of the cause.
  const asking = () => ({
    ca: authority.cert,
    requestCert: true,
    rejectUnauthorized: true,
    maxVersion: "TLSv1.2",
  });

  test("it gets the certificate, also with an encrypted key", async () => {
    const { cert, key } = authority.issue("the client");
    const ca = authority.cert;
    expect(await ask(server, { ca, cert, key }, asking())).toEqual({ client: "the client" });
    const encrypted = { ca, cert, key: encryptedKey(key, "hush"), passphrase: "hush" };
    expect(await ask(server, encrypted, asking())).toEqual({ client: "the client" });
  });

  test("it refuses a client without one, and a retry is not promised to help", async () => {
    expect(await failure(ask(server, { ca: authority.cert }, asking()))).toMatchObject({
      code: "tls_failed",
      retryable: false,
    });
  });
});

describe("options that cannot work are refused before anything is sent, without quoting a key", () => {
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

  test("a certificate without its key, a key without its certificate, a key of another certificate", () => {
    const [one, two] = [authority.issue("one"), authority.issue("two")];
    expect(make({ cert: one.cert })).toContain("tls: cert needs its key");
    expect(make({ key: one.key })).toContain("tls: key needs its cert");
    expect(make({ cert: one.cert, key: two.key })).toContain("cannot be used together");
    expect(make(one)).toBe("accepted");
  });

  test("text that is no PEM, and a passphrase that is wrong", () => {
    const { cert, key } = authority.issue("one");
    expect(make({ ca: "/etc/ca.pem" })).toContain("ca must be PEM text");
    expect(make({ ca: [authority.cert, "hush"] })).toContain("ca must be PEM text");
    expect(make({ cert, key: "hush" })).toContain("cannot be used together");
    expect(make({ cert, key: encryptedKey(key, "hush"), passphrase: "wrong hush" })).toContain(
      "cannot be used",
    );
  });

  test("TLS for a server without it, and beside a fetch or an Agent that would not use it", () => {
    const tls = { ca: authority.cert };
    expect(make(tls, "http://h")).toContain("tls: needs an https URL");
    const fetch = () => expect.unreachable();
    expect(() => createHttpClient({ baseUrl: "https://h", tls, fetch })).toThrow(
      /tls: has no effect on fetch/,
    );
    const dispatcher = new Agent();
    expect(() => createHttpClient({ baseUrl: "https://h", http2: true, dispatcher })).toThrow(
      /http2: has no effect on dispatcher/,
    );
  });
});
