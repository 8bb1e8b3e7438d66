const sensitive =
  /passw(?:or)?d|passphrase|passwd|pwd|secret|token|credential|creds\b|auth(?!or(?!iz))|bearer|cookie|htpasswd|kubeconfig|dockerc(?:onfig|fg)|dsn\b|salt\b|user-?data|connection-?string|webhook-?url|(?:api|access|private|client|signing|encryption|master|session|license|account|shared|storage|service|ssh|rsa|pgp|tls|certificate)-?keys?\b|(?:cert|key|certificate)-?data|(?<!\bby|\bcom|\bsur|\bover|\bunder|\btres)pass(?:-?\d+)?$|\bpass-(?!through|host)|(?<![a-z])(?:root|bind|admin|user|db|ldap|sql|my)?-?(?:pw|pswd)$|^pin$|-pin$|\bpin-?code/;

// The value names or describes a secret, and does not hold one.
const descriptive =
  /-(?:name|names|ref|refs|reference|namespace|type|kind|provider|mode|seconds|policy|class|path|file|enabled|version|selector|audiences?|method|url-path|expiry)$/;

/** Returns true if a field, variable, flag or key of this name usually holds a secret. */
export function isSensitiveName(name: string): boolean {
  // The domain before a slash says who wrote the name: rbac.authorization.k8s.io/aggregate-to-view.
  const words = name
    .slice(name.lastIndexOf("/") + 1)
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .toLowerCase();
  return sensitive.test(words) && !descriptive.test(words);
}
