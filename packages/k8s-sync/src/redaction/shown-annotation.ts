const shown: ReadonlySet<string> = new Set([
  "description",
  "documentation",
  "owner",
  "team",
  "contact",
  "runbook",
  "runbook-url",
]);

const shownInFull: ReadonlySet<string> = new Set([
  "kubernetes.io/ingress.class",
  "storageclass.kubernetes.io/is-default-class",
  "ingressclass.kubernetes.io/is-default-class",
]);

/**
 * Returns a test for annotations that may be shown: descriptions, owners, and the given keys. All others stay
 * hidden, because tools keep whole manifests in annotations, with every value that was redacted elsewhere.
 */
export function shownAnnotation(extra: readonly string[]): (key: string) => boolean {
  const also = new Set(extra);
  return (key) => shownInFull.has(key) || also.has(key) || shown.has(key.slice(key.lastIndexOf("/") + 1));
}
