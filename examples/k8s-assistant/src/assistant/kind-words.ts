/** Short names that people write for kinds, as kubectl has them. */
const shortNames: Readonly<Record<string, string>> = {
  cm: "ConfigMap",
  cj: "CronJob",
  crd: "CustomResourceDefinition",
  deploy: "Deployment",
  ds: "DaemonSet",
  hpa: "HorizontalPodAutoscaler",
  ing: "Ingress",
  netpol: "NetworkPolicy",
  no: "Node",
  ns: "Namespace",
  pdb: "PodDisruptionBudget",
  po: "Pod",
  pv: "PersistentVolume",
  pvc: "PersistentVolumeClaim",
  rs: "ReplicaSet",
  sa: "ServiceAccount",
  sc: "StorageClass",
  sts: "StatefulSet",
  svc: "Service",
};

/** A kind of the index and the words for it. */
export interface KindWord {
  readonly kind: string;
  /** The words in lower case, joined by blanks, such as `network policies`. */
  readonly words: string;
}

/** Returns the words for the kinds of an index, longest first, so that `persistent volume claims` is not read
 * as `persistent volume`. */
export function kindWords(kinds: readonly string[]): readonly KindWord[] {
  const words = kinds.flatMap((kind) => {
    const joined = kind.toLowerCase();
    const apart = kind.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
    const short = Object.entries(shortNames)
      .filter(([, of]) => of === kind)
      .flatMap(([name]) => (name.length > 2 || name === "ds" ? [name, `${name}s`] : [name]));
    return [...new Set([joined, plural(joined), apart, plural(apart), ...short])].map((each) => ({
      kind,
      words: each,
    }));
  });
  return words.sort((a, b) => b.words.length - a.words.length);
}

function plural(word: string): string {
  if (/(?:s|ss|x|ch)$/.test(word)) return `${word}es`;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return `${word}s`;
}
