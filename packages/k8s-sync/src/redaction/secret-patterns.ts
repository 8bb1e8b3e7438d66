import { hidden } from "./hidden.ts";
import { secretValue, secretWords } from "./secret-words.ts";

// Every repetition is bounded, or starts at characters that it cannot repeat, so that the time stays linear.
const name = `(?:${secretWords})[\\w.-]{0,128}`;
const quote = `(?:&(?:quot|#34);|\\\\{1,8}u0022|\\\\{0,8}["'])?`;
const separator = `\\s*(?:=>?|:=?|%3[ad])`;
// The value follows in the same line, or in the next one, unless that line has a key.
const nextLine = `[^\\S\\n]*\\r?\\n\\s*(?![\\w."'-]{1,128}\\s?[:=]|-\\s)`;
const gap = `(?:${nextLine}|[^\\S\\n]*(?:[|>][+-]?\\d?[^\\S\\n]*\\n\\s*)?)(?:[!&][\\w!-]{0,32}\\s+)?`;
// `auth: password: x` has its secret after the second name.
const noName = `(?![\\w.-]{0,64}(?:${secretWords})[\\w.-]{0,64}["']?\\s*[:=]\\s)`;
const scheme = `(?:(?:bearer|basic|digest|token)\\s+)?`;
const prose =
  "is|was|are|has|not|for|of|from|in|to|and|or|expired|missing|invalid|failed|required|incorrect|wrong|changed|rotated|mismatch|found|created|updated|deleted|reset|change|policy|file|manager|store|mounted|synced|ready|refresh|request|review|controller";

// `the password is expired` says a state. Other plain words after `password is` may be the password.
const states = `${prose}|set|stored|empty|weak|correct|valid|encrypted|hidden|hashed|rejected|too|only|now|being|also|still|case-sensitive|optional|mandatory|unknown|unset|blank|readable|never|always|longer|shorter|same|the|a|an|at|by|with|as|used|kept|taken|read|that|this|what|because`;
const whose = `(?:\\s+(?:for|of)\\s+\\S{1,64})?`;
const tells = `${whose}\\s+(?:(?:is|was|equals)(?:\\s+now)?|(?:(?:is|was|has\\s+been)\\s+)?(?:(?:re)?set|changed|rotated)\\s+to)\\s+`;

const assignments: readonly (readonly [RegExp, string])[] = [
  // A list of pairs: `name: DB_PASSWORD` and then `value: …`, in YAML, JSON or XML.
  [
    new RegExp(
      `(\\b(?:name|key)${quote}\\s*[:=]\\s*${quote}[\\w.-]{0,64}?${name}${quote}[\\s,]+${quote}value${quote}${separator}${gap})${secretValue}`,
      "gi",
    ),
    `$1${hidden}`,
  ],
  [
    new RegExp(
      `(\\bvalue${quote}${separator}${gap})${secretValue}([\\s,]+${quote}(?:name|key)${quote}\\s*[:=]\\s*${quote}[\\w.-]{0,64}?${name})`,
      "gi",
    ),
    `$1${hidden}$2`,
  ],
  // An element of XML whose tag or attribute names a secret.
  [
    new RegExp(`(<(?!\\s)[^<>]{0,64}?${name}[^<>]{0,200}>)(?:<!\\[CDATA\\[[^]{0,2000}?\\]\\]>|[^<]+)`, "gi"),
    `$1${hidden}`,
  ],
  // A block or a list of YAML.
  [
    new RegExp(
      `(${name}${quote}${separator}[^\\S\\n]*[|>][+-]?\\d?[^\\S\\n]*\\n([^\\S\\n]*))[^\\n]*(?:\\n+\\2[^\\n]+)*`,
      "gi",
    ),
    `$1${hidden}`,
  ],
  [
    new RegExp(
      `(${name}${quote}${separator}[^\\S\\n]*\\n[^\\S\\n]*-[^\\S\\n]+)[^\\n:]+(?:\\n[^\\S\\n]*-[^\\S\\n]+[^\\n:]+)*(?=\\n|$)`,
      "gi",
    ),
    `$1${hidden}`,
  ],
  // A line that starts with the name. The value has words up to the end of the line.
  [
    new RegExp(
      `(^[^\\S\\n]*(?:- )?[\\w.-]{0,64}?${name}[^\\S\\n]*[:=][^\\S\\n]*)(?!["'[{|>&!\\\\(])[^\\s=>][^\\n]*`,
      "gim",
    ),
    `$1${hidden}`,
  ],
  [new RegExp(`(${name}${quote}${separator}${gap})${noName}${scheme}${secretValue}`, "gi"), `$1${hidden}`],
  [new RegExp(`((?<![\\w.-])--?[\\w.-]{0,64}?${name}\\s+)(?!--)${secretValue}`, "gi"), `$1${hidden}`],
  // A line of two words, such as `requirepass x`, and a line of .netrc.
  [
    new RegExp(
      `(^[^\\S\\n]*[\\w.-]{0,64}?(?:passw(?:or)?d|pass|secret|token|masterauth|rootpw|bindpw)[^\\S\\n]+)(?!(?:${prose})\\b|[a-z]{1,10}:)\\S+(?=\\s*?$)`,
      "gim",
    ),
    `$1${hidden}`,
  ],
  [
    new RegExp(`(\\b(?:login|user|username|account)\\s+\\S{1,128}\\s+pass(?:w(?:or)?d)?\\s+)\\S+`, "gi"),
    `$1${hidden}`,
  ],
  [new RegExp(`(\\bidentified\\s+by\\s+)${secretValue}`, "gi"), `$1${hidden}`],
  // A sentence, such as `the password is x`. A value has a digit, a sign or quotes; a password may be a word.
  [
    new RegExp(
      `((?:${name}|api key)${tells})(?:"[^"]{0,512}"|'[^']{0,512}'|\`[^\`]{0,512}\`|(?=[^\\s]{0,256}[\\d!@#$%^&*~+])\\S{4,})`,
      "gi",
    ),
    `$1${hidden}`,
  ],
  [
    new RegExp(`(\\b(?:passw(?:or)?d|passphrase|pwd)${tells})(?!(?:${states})\\b)[^\\s(]\\S{3,}`, "gi"),
    `$1${hidden}`,
  ],
];

const addresses: readonly (readonly [RegExp, string])[] = [
  // User and password of a URL. A password may hold a slash; the digest of an image follows an @ too.
  [/(:\/\/)(?:[^\s/?#@"':]{0,256}:[^\s"']{0,1024}|[^\s/?#@"':]{1,1024})@(?!sha\d+:)/gi, `$1${hidden}@`],
  [/(\bjdbc:[\w:]{1,40}:)[^\s:/"']{1,128}\/[^\s"']{1,256}@/gi, `$1${hidden}@`],
  // The address of a database without a scheme: user:password@tcp(host:3306).
  [
    /(?<![\w.+/-])(?!(?:mailto|sip|xmpp|acct):)([\w.+-]{1,64}:)(?!\/\/)[^\s"':]{1,256}@(?!sha\d+:)(?=[\w.[*(-])/gi,
    `$1${hidden}@`,
  ],
  // A line of .pgpass.
  [/^([\w.*-]{1,128}:(?:\d{1,5}|\*):[^\s:]{1,64}:[^\s:]{1,64}:)\S+$/gm, `$1${hidden}`],
];

// A PEM block, or a JSON object, in base64.
const encoded = /(?:LS0tLS1CRUdJTi|ZXlK|eyJ)[A-Za-z0-9+/=_-]{6,}(?:\.[A-Za-z0-9_-]*)*/g;
const knownKeys =
  /\b(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{12,}|\bgh[pousr]_\w{12,}|\bgithub_pat_\w{12,}|\bglpat-[\w-]{12,}|\bxox[abeprs]-[\w-]{8,}|\b[sprk]{2}[-_](?:live|test|proj|ant)?[-_]?[\w-]{14,}|\bAIza[\w-]{20,}|\bya29\.[\w-]+|\bSG\.[\w-]{10,}(?:\.[\w-]+)?|\bnpm_\w{20,}|\bdop_v1_\w{20,}|\bhvs\.[\w-]{12,}|\bhf_\w{16,}|\bpypi-[\w-]{16,}/g;

/** The forms of secrets that a single word of letters, digits, `.`, `_` and `-` can have. */
export const keyPatterns: readonly (readonly [RegExp, string])[] = [
  [encoded, hidden],
  [knownKeys, hidden],
];

/** The forms of secrets in free text, each with its replacement. The order matters: blocks come before the
 * words in them. */
export const secretPatterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, hidden],
  [encoded, hidden],
  ...addresses,
  [/\b(bearer|basic|digest|negotiate)\s+(?=\S*[\d=._-])[A-Za-z0-9+/=._~-]{6,}/gi, `$1 ${hidden}`],
  ...assignments,
  [/([?&](?:sig|signature|key|code|auth|x-amz-signature|x-amz-credential)=)[^&\s"']+/gi, `$1${hidden}`],
  [
    /(hooks\.slack\.com\/services\/|discord(?:app)?\.com\/api\/webhooks\/|\.office\.com\/webhook\w{0,8}\/)\S+/gi,
    `$1${hidden}`,
  ],
  [knownKeys, hidden],
];
