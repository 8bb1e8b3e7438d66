import { describe, expect, it } from "vitest";
import { redactArguments } from "./redact-arguments.ts";
import { isSensitiveName } from "./is-sensitive-name.ts";
import { scrubText } from "./scrub-text.ts";

const cleaner = { scrub: scrubText, isSensitive: isSensitiveName, onHidden: () => undefined };

const secret = "hunter2xy";

function redacted(line: readonly string[]): string {
  return JSON.stringify(redactArguments(line, cleaner));
}

function shell(script: string): readonly string[] {
  return ["sh", "-c", script];
}

describe("redactArguments", () => {
  it.each([
    ["redis-server", "--requirepass", secret],
    [`--requirepass=${secret}`],
    ["redis-server", "--masterauth", secret],
    ["tool", "-storepass", secret],
    [`-Djavax.net.ssl.keyStorePass=${secret}`],
    ["tool", "--bindpw", secret],
    ["mysql", "-uroot", `-p${secret}`],
    ["mysql", "-uroot", "-pwalnut harbour"],
    ["curl", "--user", `root:${secret}`],
    [`--user=root:${secret}`],
    ["curl", "-H", `X-Any: ${secret}`],
    [`root:${secret}@tcp(db:3306)/shop`],
    [`jdbc:oracle:thin:scott/${secret}@//db:1521/x`],
    [`DB_PASS=${secret}`],
    [`DB_PASS_1=${secret}`],
    shell(`redis-cli -a ${secret} ping`),
    shell(`redis-cli\t-a\t${secret}`),
    shell(`redis-cli -a "walnut ${secret}" ping`),
    shell(`export DB_PASS=${secret} && run`),
    shell(`DB_PASS='walnut ${secret}' run`),
    shell(`tool --pass ${secret}`),
    shell(`tool --requirepass ${secret}`),
    shell(`LANG=C mysql -u root -p${secret} -e ping`),
    shell(`LANG=C redis-cli -a ${secret}`),
    shell(`curl --user root:${secret} http://shop`),
    shell(`mysql "-p${secret}"`),
    shell(`echo ${secret} | docker login --password-stdin`),
    shell(`sqlplus root:${secret}@db/shop`),
  ])("hides the password in %j %j %j", (...line) => {
    const text = redacted(line);
    expect(text).not.toContain(secret);
    expect(text).not.toContain("walnut");
    expect(text).toContain("(hidden)");
  });

  it("shows flags, paths and commands without secrets", () => {
    const line = ["gunicorn", "--bind", "0.0.0.0:8000", "--log-level=info", "-c", "/etc/shop/app.conf"];
    expect(redactArguments(line, cleaner)).toEqual(line);
    expect(redacted(shell("ls -la /srv && exec nginx -c /etc/nginx.conf"))).not.toContain("(hidden)");
  });
});
