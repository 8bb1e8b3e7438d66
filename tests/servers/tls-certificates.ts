import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * PEM texts and their files: an authority, a server's certificate for 127.0.0.1 and localhost, and a
 * client's.
 */
export interface TlsCertificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Holds `ca.pem`, `server.pem`, `server.key`, `client.pem`, `client.key`. */
  readonly folder: string;
  remove(): void;
}

/** Creates certificates with openssl that are valid for a day. */
export async function makeTlsCertificates(): Promise<TlsCertificates> {
  const folder = mkdtempSync(join(tmpdir(), "binnacle-tls-"));
  const openssl = (...args: readonly string[]): Promise<unknown> =>
    promisify(execFile)("openssl", [...args], { cwd: folder });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await openssl(
    "req",
    "-x509",
    ...key,
    "-days",
    "1",
    "-subj",
    "/CN=test authority",
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
  );
  writeFileSync(join(folder, "names"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
  for (const name of ["server", "client"]) {
    await openssl(
      "req",
      "-new",
      ...key,
      "-subj",
      `/CN=${name}`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
    );
    const signing = [
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-days",
      "1",
      "-extfile",
      "names",
    ];
    await openssl("x509", "-req", "-in", `${name}.csr`, ...signing, "-out", `${name}.pem`);
  }
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  return {
    ca: read("ca.pem"),
    cert: read("client.pem"),
    key: read("client.key"),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
