/** Returns the secret values of headers. For `Bearer abc` these are `Bearer abc` and `abc`. */
export function secretsIn(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers)
    .filter(([name]) => /auth|key|token|secret|cookie|password/i.test(name))
    .flatMap(([, value]) => [value, value.slice(value.indexOf(" ") + 1)])
    .filter((value) => value !== "");
}

/** Returns the text with `[redacted]` instead of each secret, because some servers repeat secrets in error
 * bodies. Redact before you shorten a text. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (clean, secret) => (secret === "" ? clean : clean.replaceAll(secret, "[redacted]")),
    text,
  );
}
