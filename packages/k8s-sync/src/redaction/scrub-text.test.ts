import { performance } from "node:perf_hooks";
import { describe, expect, it } from "vitest";
import { cutText, scrubText } from "./scrub-text.ts";

const secret = "hunter2xy";

const leaks: readonly string[] = [
  `db.password=${secret}`,
  `DB_PASS=${secret}`,
  `dbPass=${secret}`,
  `pass: ${secret}\nx: 1`,
  `password=abc,${secret}`,
  `password: ab"${secret}`,
  `password: "not closed ${secret}`,
  `password: "a\\"${secret}"`,
  `{\n "password" : "${secret}"\n}`,
  `{"a":"{\\"password\\":\\"${secret}\\"}"}`,
  `password => "${secret}"`,
  `password := "${secret}"`,
  `password: !!str ${secret}`,
  `password: |\n  first\n  ${secret}\nx: 1`,
  `password: >-\r\n  ${secret}`,
  `password:\n  ${secret}`,
  `credentials:\n  password: ${secret}`,
  `auth: password: ${secret}`,
  `password: correct ${secret} battery\nx: 1`,
  `DB_PW=${secret}`,
  `encryption_key: ${secret}`,
  `password: &anchor ${secret}`,
  `login?password%3D${secret}`,
  `{&quot;password&quot;:&quot;${secret}&quot;}`,
  `rootpw ${secret}\n`,
  `passwords: [one, ${secret}]`,
  `passwords:\n  - one\n  - ${secret}`,
  `- name: DB_PASSWORD\n  value: ${secret}`,
  `- value: ${secret}\n  name: DB_PASSWORD`,
  `[{"name":"DB_PASSWORD","value":"${secret}"}]`,
  `<password>${secret}</password>`,
  `<password><![CDATA[${secret}]]></password>`,
  `<property name="password">${secret}</property>`,
  `<add key="password" value="${secret}"/>`,
  `port 1\nrequirepass ${secret}\n`,
  `machine x login y password ${secret}`,
  `machine x\nlogin y\npassword ${secret}\n`,
  `db:5432:shop:root:${secret}`,
  `root:${secret}@tcp(db:3306)/shop`,
  `jdbc:oracle:thin:scott/${secret}@//host:1521/x`,
  `create user a identified by '${secret}'`,
  `the password is ${secret}`,
  `Password for admin was ${secret}.`,
  `the token was set to "${secret}"`,
  `db password is now ${secret}, log in again`,
  `the API key equals ${secret}`,
];

const hostile: readonly string[] = [
  ..."a - = : \\ ( }".split(" "),
  "pass",
  "pass=",
  "pass \n",
  "passpasspasspass=",
  "--pass ",
  "://",
  "://a:",
  "a:b@",
  "a.",
  "1.1s",
  "<pass ",
  "<pass><![CDATA[",
  "name: pass,value",
  '"password":"',
  '\\"password\\":\\"',
  "-----BEGIN A-----",
  "eyJ",
  "login a ",
  "jdbc:a:b/c",
  "passwords:\n- a\n",
  "password: |\n a\n",
  "password is ",
];

describe("scrubText", () => {
  it.each(leaks)("hides the secret in %j", (text) => {
    expect(scrubText(text)).not.toContain(secret);
    expect(scrubText(text)).toContain("(hidden)");
  });

  it.each([
    "3 tests passed: ok",
    "token expired",
    "location / {\n  proxy_pass http://shop:8080;\n}",
    'MountVolume.SetUp failed for volume "tls" : secret "web-tls" not found',
    "exceeded quota: requested: requests.cpu=500m, used: requests.cpu=750m",
    `nginx:1.24@sha256:${"0a1b".repeat(16)}`,
    "mailto:jane@example.com",
    "the password is expired",
    "password is too short",
    "the token is not valid yet",
    "secret is mounted read-only",
  ])("shows %j", (text) => {
    expect(scrubText(text)).toBe(text);
  });

  it("takes no more time for 256 kB of hostile text than for one bounded part of it", () => {
    const timeOf = (length: number): number => {
      const started = performance.now();
      for (const part of hostile) scrubText(part.repeat(Math.ceil(length / part.length)));
      return performance.now() - started;
    };
    timeOf(1_000);
    const [bounded, whole] = [timeOf(32_000), timeOf(256_000)];
    expect(whole).toBeLessThan(6 * bounded + 500);
    // A quadratic pattern needs 5 s for a single one of these texts.
    expect(bounded).toBeLessThan(3_000);
  });
});

describe("cutText", () => {
  it("cuts at a space, because a part of a secret has no form", () => {
    expect(cutText("one two", 7)).toBe("one two");
    expect(cutText("one password=secret", 16)).toBe("one …");
  });
});
