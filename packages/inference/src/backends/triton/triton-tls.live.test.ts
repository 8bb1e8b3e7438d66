import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeTlsCertificates, type TlsCertificates } from "../../../../../tests/servers/tls-certificates.ts";
import { TritonClient } from "./index.ts";

// A server with TLS that says that it is ready. The certificates come from an authority that Node does not know.
describe("a Triton behind TLS", () => {
  const readyMessage = Buffer.from([0x08, 0x01]);
  let tls: TlsCertificates;
  let client: { readonly cert: string; readonly key: string };
  let urls: { readonly grpcs: string; readonly https: string };
  const closing: (() => void)[] = [];

  beforeAll(async () => {
    tls = await makeTlsCertificates();
    const file = (name: string): string => readFileSync(join(tls.folder, name), "utf8");
    client = { cert: file("client.pem"), key: file("client.key") };
    const [ca, cert, key] = [tls.ca, tls.cert, tls.key];
    const grpc = new Server();
    const plain = { serialize: (bytes: Buffer) => bytes, deserialize: (bytes: Buffer) => bytes };
    grpc.addService(
      {
        ServerReady: {
          path: "/inference.GRPCInferenceService/ServerReady",
          requestStream: false,
          responseStream: false,
          requestSerialize: plain.serialize,
          requestDeserialize: plain.deserialize,
          responseSerialize: plain.serialize,
          responseDeserialize: plain.deserialize,
        },
      },
      {
        ServerReady: (_call: unknown, answer: (error: null, bytes: Buffer) => void) =>
          answer(null, readyMessage),
      },
    );
    const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
    const secure = ServerCredentials.createSsl(Buffer.from(ca), [pair], true);
    const grpcPort = await new Promise<number>((resolve, reject) =>
      grpc.bindAsync("127.0.0.1:0", secure, (error, port) =>
        error === null ? resolve(port) : reject(error),
      ),
    );
    const options = { ca, cert, key, requestCert: true, rejectUnauthorized: true };
    const http = createServer(options, (_request, response) => response.end("{}")).listen(0, "127.0.0.1");
    await once(http, "listening");
    const address = http.address();
    const httpPort = typeof address === "object" && address !== null ? address.port : 0;
    urls = { grpcs: `grpcs://127.0.0.1:${grpcPort}`, https: `https://127.0.0.1:${httpPort}` };
    closing.push(
      () => grpc.forceShutdown(),
      () => http.close(),
      () => http.closeAllConnections(),
      () => tls.remove(),
    );
  }, 30_000);
  afterAll(() => {
    for (const close of closing) close();
  });

  const isReady = async (url: string, options: object): Promise<boolean> => {
    const triton = new TritonClient({ url, tls: options, maxAttempts: 1, connectTimeoutMs: 2_000 });
    try {
      return await triton.isReady();
    } finally {
      await triton.close();
    }
  };

  test.each(["grpcs", "https"] as const)(
    "is reached over %s by its authority and a client's certificate",
    async (kind) => {
      expect(await isReady(urls[kind], { ca: tls.ca, ...client })).toBe(true);
      expect(await isReady(urls[kind], { ca: [tls.ca], ...client, serverName: "localhost" })).toBe(true);
    },
  );

  test.each(["grpcs", "https"] as const)(
    "is refused over %s without its authority or with another name",
    async (kind) => {
      await expect(isReady(urls[kind], client)).rejects.toThrow(/certificate|TLS|no connection/i);
      const named = { ca: tls.ca, ...client, serverName: "other.example" };
      await expect(isReady(urls[kind], named)).rejects.toThrow(/certificate|TLS|no connection|altnames/i);
    },
  );
});

test("refuses TLS options without an address with TLS, or with certificates that cannot be read", () => {
  const create = (url: string, ca: string) => () => new TritonClient({ url, tls: { ca } });
  const pem = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
  expect(create("grpcs://127.0.0.1:1", "no certificate")).toThrow(/tls: `ca` must be PEM text/);
  expect(create("grpc://127.0.0.1:1", pem)).toThrow(/tls: (needs a grpcs or https URL|`ca`)/);
  expect(() => new TritonClient({ url: "grpc://127.0.0.1:1", tls: {} })).toThrow(
    /tls: needs a grpcs or https URL/,
  );
});
