import type { JsonValue } from "@binnacle/core";
import { hidden } from "./hidden.ts";
import { isSensitiveName } from "./is-sensitive-name.ts";

// Short flags that many programs use for a password or for `user:password`.
const shortFlag = /^-[pPuUwa]$/;

/**
 * Hides the secrets in a command line: values of flags with a telling name, variables before a command, and
 * scripts of several lines. Each hidden value goes to `onHidden`.
 */
export function redactArguments(
  line: readonly JsonValue[],
  scrub: (text: string) => string,
  onHidden: (value: string) => void,
): readonly JsonValue[] {
  const hide = (value: string): string => {
    onHidden(value);
    return hidden;
  };
  let hidesNext = false;
  return line.map((part) => {
    if (typeof part !== "string") return part;
    const hides = hidesNext && !part.startsWith("--");
    hidesNext = false;
    if (hides) return hide(part);
    if (part.includes("\n")) return hide(part);
    const assigned = /^(-{0,2}[\w.-]+)[=:](?!\/\/)(.+)$/s.exec(part);
    if (assigned !== null) {
      const [, name = "", value = ""] = assigned;
      return isSensitiveName(name) ? `${name}=${hide(value)}` : scrub(part);
    }
    hidesNext = shortFlag.test(part) || (part.startsWith("-") && isSensitiveName(part));
    return redactScript(scrub(part), hide);
  });
}

// `curl -u user:password`, `mysql -ppassword` and `PGPASSWORD=…` within one argument of a shell.
function redactScript(script: string, hide: (value: string) => string): string {
  if (!script.includes(" ")) {
    return script.replace(/^(-p)(?=\S*\d)(\S{4,})$/, (_, flag: string, value: string) => flag + hide(value));
  }
  return script
    .replace(
      /(\s-[uUpPw]\s*)("[^"]*"|'[^']*'|[^\s-]\S*)/g,
      (_, flag: string, value: string) => flag + hide(value),
    )
    .replace(
      /(\s(?:-H|--header)\s*)("[^"]*"|'[^']*'|\S+)/g,
      (_, flag: string, value: string) => flag + hide(value),
    );
}
