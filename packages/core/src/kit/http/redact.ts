/** The values of headers that must not show up anywhere: `Bearer abc` and `abc`. */
export function secretsIn(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers)
    .filter(([name]) => /auth|key|token|secret|cookie|password/i.test(name))
    .flatMap(([, value]) => [value, value.slice(value.indexOf(" ") + 1)])
    .filter((value) => value !== "");
}

/** The text with `[redacted]` for each secret: some servers repeat them in their complaints. Redact before cutting. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (clean, secret) => (secret === "" ? clean : clean.replaceAll(secret, "[redacted]")),
    text,
  );
}
