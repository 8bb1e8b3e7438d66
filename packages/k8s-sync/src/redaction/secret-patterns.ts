import { hidden } from "./hidden.ts";

const words =
  "passw(?:or)?d|passphrase|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?key|account[_-]?key|credentials?|authorization|cookie|auth";

/** The forms of secrets in free text, each with its replacement. The order matters: blocks come before the
 * words in them. */
export const secretPatterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, hidden],
  // A PEM block, or a JSON object, in base64.
  [/(?:LS0tLS1CRUdJTi|ZXlK|eyJ)[A-Za-z0-9+/=_-]{6,}(?:\.[A-Za-z0-9_-]*)*/g, hidden],
  // User and password of a URL. A password may hold a slash; the digest of an image follows an @ too.
  [/([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/?#@"']*:[^\s"']*|[^\s/?#@"']+)@(?!sha\d+:)/gi, `$1${hidden}@`],
  [/\b(bearer|basic|digest|negotiate)\s+(?=\S*[\d=._-])[A-Za-z0-9+/=._~-]{6,}/gi, `$1 ${hidden}`],
  [
    new RegExp(
      `((?:["']?[\\w.-]*(?:${words})[\\w.-]*["']?)(?:\\s*=\\s*|:\\s*))(?:(?:bearer|basic|digest|token)\\s+)?(?:"[^"]*"|'[^']*'|[^\\s,;&"'})\\]]+)`,
      "gi",
    ),
    `$1${hidden}`,
  ],
  [
    new RegExp(`(--?[\\w.-]*(?:${words})[\\w.-]*\\s+)(?!-)(?:"[^"]*"|'[^']*'|[^\\s"']+)`, "gi"),
    `$1${hidden}`,
  ],
  [/([?&](?:sig|signature|key|code|auth|x-amz-signature|x-amz-credential)=)[^&\s"']+/gi, `$1${hidden}`],
  [/(hooks\.slack\.com\/services\/|discord(?:app)?\.com\/api\/webhooks\/)\S+/gi, `$1${hidden}`],
  [
    /\b(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{12,}|\bgh[pousr]_\w{12,}|\bgithub_pat_\w{12,}|\bglpat-[\w-]{12,}|\bxox[abeprs]-[\w-]{8,}|\b[sprk]{2}[-_](?:live|test|proj|ant)?[-_]?[\w-]{14,}|\bAIza[\w-]{20,}|\bya29\.[\w-]+|\bSG\.[\w-]{10,}(?:\.[\w-]+)?|\bnpm_\w{20,}|\bdop_v1_\w{20,}|\bhvs\.[\w-]{12,}|\bhf_\w{16,}|\bpypi-[\w-]{16,}/g,
    hidden,
  ],
];
