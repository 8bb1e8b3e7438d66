import { kindWords } from "./kind-words.ts";
import { parseSince } from "./parse-since.ts";

/**
 * The way in which a question is answered.
 *
 * - `count`, `list`: exact filters over the index.
 * - `related`: the objects that name an object, that it names, or that select it.
 * - `why`: the object, its warnings and its relations.
 * - `changes`: the recorded history of objects.
 * - `live`: the cluster itself, with the asker's rights.
 * - `find`: retrieval by words and meaning.
 */
export type Route = "count" | "list" | "related" | "why" | "changes" | "live" | "find";

/** The fields that a count can be split by. */
export type GroupField = "namespace" | "kind" | "state" | "nodes" | "images";

/** The names that an index has. */
export interface Vocabulary {
  readonly kinds: readonly string[];
  readonly namespaces: readonly string[];
  readonly nodes: readonly string[];
  readonly images: readonly string[];
  /** Those of the words that are names of objects, with the kinds of these objects. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

/** A question as conditions on objects. */
export interface ParsedQuestion {
  readonly text: string;
  readonly route: Route;
  readonly kinds: readonly string[];
  readonly namespaces: readonly string[];
  /** Namespaces that the question names and the index does not have. */
  readonly unknownNamespaces: readonly string[];
  readonly states: readonly string[];
  readonly images: readonly string[];
  readonly nodes: readonly string[];
  readonly labels: readonly string[];
  readonly names: readonly string[];
  readonly groupBy: GroupField | undefined;
  /** Epoch milliseconds at which the period of the question begins. */
  readonly since?: number | undefined;
  /** True if the question asks what Secrets hold, or which there are. */
  readonly asksForSecrets?: boolean | undefined;
  /** Words that are neither a condition nor common. An object must contain them to count. */
  readonly words: readonly string[];
}

const groupWords: Readonly<Record<string, GroupField>> = {
  namespace: "namespace",
  kind: "kind",
  type: "kind",
  state: "state",
  status: "state",
  node: "nodes",
  image: "images",
};

/** Words about states and the values of `state` that they mean. */
const stateWords: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /\b(?:not|un|isn't|aren't)[ -]?(?:ready|available|healthy)\b|\b(?:broken|failing|unhealthy|crashing)\b/,
    ["NotReady", "Failed", "Pending", "Unknown", "Lost"],
  ],
  [/\b(?:ready|available|healthy)\b/, ["Ready"]],
  [/\brunning\b/, ["Running", "Ready"]],
  [/\bpending\b/, ["Pending"]],
  [/\bfailed\b/, ["Failed"]],
  [/\b(?:completed|succeeded|finished)\b/, ["Succeeded", "Complete"]],
  [/\bterminating\b/, ["Terminating"]],
  [/\bunbound\b/, ["Pending", "Lost", "Available", "Released"]],
  [/\bbound\b/, ["Bound"]],
];

const common = new Set(
  "a about all am an and any are as at be been being but by can cluster could current currently do does doing each every exist exists for from get give got had has have having here how i if in inside into is it its kind list look many me more most much my named namespace namespaces number now object objects of off on one only or our per please resource resources running runs run show so some status state than that the their them there these they this those to too type types under up us use used uses using was we were what when where which who will with without within would you your count total call called labelled labeled label labels image images node right moment live are s".split(
    " ",
  ),
);

/** Returns the words of a question that may be names of objects. */
export function candidateNames(question: string): readonly string[] {
  const words = question.toLowerCase().match(/[a-z0-9](?:[-a-z0-9.:]*[a-z0-9])?/g) ?? [];
  return [...new Set(words.filter((word) => !common.has(word)))].slice(0, 64);
}

/** Reads a question with the names that the index has. No model takes part, so the same question always has
 * the same conditions. */
export function parseQuestion(
  question: string,
  vocabulary: Vocabulary,
  now: number = Date.now(),
): ParsedQuestion {
  let rest = ` ${question
    .toLowerCase()
    .replace(/[?!,;"'`()]/g, " ")
    .replace(/\.(?=\s|$)/g, " ")} `;
  const take = (pattern: RegExp): readonly string[] => {
    const found: string[] = [];
    rest = rest.replace(pattern, (...match: readonly string[]) => {
      found.push(match[1] ?? match[0] ?? "");
      return " ";
    });
    return found;
  };
  const route = routeOf(rest);
  const isAboutSecrets = /\bsecrets?\b/.test(rest) && !vocabulary.kinds.includes("Secret");
  const period = parseSince(rest, now);
  if (period !== undefined) rest = rest.replace(period.words, " ");
  const groupBy = take(
    /\b(?:per|by|in each|for each|on each) (namespace|kind|type|state|status|node|image)s?\b/g,
  )
    .map((word) => groupWords[word])
    .at(0);
  const labels = take(/\b(?:label(?:led|ed)?s?) ([\w./-]+=[\w.-]+)/g);
  const named = take(/\bnamespaces? ([a-z0-9][-a-z0-9]*)\b(?! (?:has|have|is|are))/g);
  const namespaces = named.filter((name) => vocabulary.namespaces.includes(name));
  const namedImages = take(/\bimages? (?:named |called |of )?([\w./:@-]*\w)/g).filter(
    (word) => !common.has(word),
  );
  const kinds: string[] = [];
  for (const { kind, words } of kindWords(vocabulary.kinds)) {
    const pattern = new RegExp(`(?<=\\s)${escaped(words)}(?=\\s)`, "g");
    if (take(pattern).length > 0 && !kinds.includes(kind)) kinds.push(kind);
  }
  const states = stateWords.flatMap(([pattern, values]) =>
    take(new RegExp(pattern, "g")).length > 0 ? values : [],
  );
  const left = (rest.match(/[^\s]+/g) ?? []).filter((word) => !common.has(word));
  const inNamespace = left.filter((word) =>
    new RegExp(`\\b(?:in|from|of|inside) (?:the )?${escaped(word)}\\b`).test(rest),
  );
  // `services of shop` means the namespace, even if an Ingress has that name too.
  const isName = (word: string): boolean => {
    const named = (vocabulary.names.get(word) ?? []).filter((kind) => kind !== "Namespace");
    return kinds.length === 0 ? named.length > 0 : named.some((kind) => kinds.includes(kind));
  };
  const bareNamespaces = left.filter(
    (word) => vocabulary.namespaces.includes(word) && (inNamespace.includes(word) || !isName(word)),
  );
  const nodes = left.filter((word) => vocabulary.nodes.includes(word));
  const used = new Set([...bareNamespaces, ...nodes]);
  const names = left.filter((word) => vocabulary.names.has(word) && !used.has(word));
  const images = [...new Set([...namedImages, ...left.filter((word) => !names.includes(word))])].flatMap(
    (word) =>
      vocabulary.images.filter((image) => isImageNamed(image, word)).map((image) => ({ word, image })),
  );
  const imageWords = new Set(images.map(({ word }) => word));
  const missingImages = namedImages.filter((word) => !imageWords.has(word));
  const asks = route === "find" && isExact({ kinds, states, images, labels, nodes }) ? "list" : route;
  return {
    text: question,
    route: asks,
    kinds,
    namespaces: [...new Set([...namespaces, ...bareNamespaces])],
    unknownNamespaces: named.filter((name) => !vocabulary.namespaces.includes(name) && !common.has(name)),
    states: [...new Set(states)],
    images: [...new Set([...images.map(({ image }) => image), ...missingImages])],
    nodes,
    labels,
    names,
    groupBy,
    since: period?.since,
    asksForSecrets: isAboutSecrets && ["live", "count", "list", "find"].includes(asks) ? true : undefined,
    words: left.filter(
      (word) => !used.has(word) && !names.includes(word) && !imageWords.has(word) && !verbs.has(word),
    ),
  };
}

const verbs = new Set(
  "why depend depends dependent mount mounts mounted select selects selected route routes routed point points read reads need needs needed require requires own owns owned affect affects affected break breaks happen happens happened wrong cause causes caused reason problem problems fail fails refer refers referred bind binds grant grants grants tell explain describe find search know connect connects connected related relate between thing things something anything still yet also since change changes changed history recorded".split(
    " ",
  ),
);

function routeOf(rest: string): Route {
  if (/\b(?:right now|at this moment|at the moment|live)\b/.test(rest)) return "live";
  if (/\bhow many\b|\bcount\b|^\W*(?:what(?: is|'s)? )?(?:the )?(?:total )?number of\b/.test(rest))
    return "count";
  if (
    /\bwhat (?:has |have |was |were )?(?:been )?(?:changed|deleted|created)\b|\bchanges? (?:since|in|of|to)\b|\bhistory of\b/.test(
      rest,
    )
  )
    return "changes";
  if (/\bwhy\b|\bwhat is wrong\b|\bwhat's wrong\b|\bcauses?\b|\broot cause\b/.test(rest)) return "why";
  if (
    /\bdepends? on\b|\b(?:mounts?|mounted|selects?|selected|routes?|routed|points? to|reads?|needs?|owns?|owned|refers?|related to|breaks?|affects?|affected)\b/.test(
      rest,
    )
  )
    return "related";
  if (/\b(?:which|list|show)\b/.test(rest)) return "list";
  return "find";
}

function isExact(conditions: Readonly<Record<string, readonly unknown[]>>): boolean {
  const { kinds = [], ...others } = conditions;
  return kinds.length > 0 && Object.values(others).some((values) => values.length > 0);
}

/** Returns true if a word names an image: whole, without its tag, or by the last part of its path. */
function isImageNamed(image: string, word: string): boolean {
  const full = image.toLowerCase();
  const untagged = full.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
  return [full, untagged, untagged.split("/").at(-1), full.split("/").at(-1)].includes(word);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
