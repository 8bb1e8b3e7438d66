import type { JsonValue } from "@binnacle/core";
import { hidden } from "./hidden.ts";
import { cutText } from "./scrub-text.ts";
import { secretValue } from "./secret-words.ts";

type Hide = (value: string) => string;

/** The rules for a command line. */
export interface ArgumentCleaner {
  readonly scrub: (text: string) => string;
  /** Remembers `isSensitiveName`. */
  readonly isSensitive: (name: string) => boolean;
  readonly onHidden: (value: string) => void;
}

// Flags that many programs use for a password, for `user:password`, or for a header with a token.
const valueFlag = /^(?:-[pPuUwaH]|--(?:proxy-)?user|--header)$/;

// `curl -u user:password`, `redis-cli -a password` and `mysql -ppassword` within one argument of a shell.
const scriptFlags: readonly RegExp[] = [
  new RegExp(
    `((?:^|[\\s"'(])(?:-[uUpPw]\\s*|(?:-[aH]|--(?:proxy-)?user|--header)(?:\\s+|=)))(?!-)(${secretValue})`,
    "g",
  ),
  // The password of `echo password | docker login --password-stdin`.
  new RegExp(`(\\b(?:echo|printf)\\s+(?:-\\w{1,3}\\s+)?)(${secretValue})(?=\\s*\\|)`, "g"),
];

// Programs that take a password directly after `-p`.
const attachesPassword = /(?:^|\/)(?:mysql\w*|mariadb[\w-]*|sshpass|7za?|zip|unzip)$/;

/** Most characters of one argument that are read. */
const longestScript = 8_000;

/**
 * Hides the secrets in a command line: values of flags with a telling name, variables before a command, and
 * scripts of several lines. Each hidden value goes to `onHidden`.
 */
export function redactArguments(
  line: readonly JsonValue[],
  { scrub, isSensitive, onHidden }: ArgumentCleaner,
): readonly JsonValue[] {
  const hide: Hide = (value) => {
    onHidden(value);
    return hidden;
  };
  const attached = line.some((part) => typeof part === "string" && attachesPassword.test(part))
    ? /^(-p)(.+)$/s
    : /^(-p)(?=\S*\d)(\S{4,})$/;
  let hidesNext = false;
  return line.map((part) => {
    if (typeof part !== "string") return part;
    const hides = hidesNext && !part.startsWith("--");
    hidesNext = false;
    if (hides || part.includes("\n")) return hide(part);
    const assigned = /^(-{0,2}[\w.-]+)[=:](?!\/\/)(.+)$/s.exec(part);
    if (assigned !== null) {
      const [, name = "", value = ""] = assigned;
      if (isSensitive(name) || valueFlag.test(name)) return `${name}=${hide(value)}`;
    }
    hidesNext = valueFlag.test(part) || (/^-\S+$/.test(part) && isSensitive(part));
    if (!/\s/.test(part))
      return scrub(part.replace(attached, (_, flag: string, value: string) => flag + hide(value)));
    return redactScript(scrub(cutText(part, longestScript)), hide);
  });
}

function redactScript(script: string, hide: Hide): string {
  return scriptFlags.reduce(
    (clean, pattern) =>
      clean.replace(pattern, (_, flag: string, value: string) =>
        value === hidden ? flag + value : flag + hide(value),
      ),
    script,
  );
}
