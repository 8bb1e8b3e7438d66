/** A pattern of sentences that are hard to read. */
export interface VoicePattern {
  readonly name: string;
  /** Returns true if the sentence has the pattern. */
  readonly matches: (sentence: string) => boolean;
}

const maxWords = 25;
const opening =
  /^(Of|What|Where|Whether|Whoever|Who|Whom|Nobody|Somebody|Whatever|Whichever|None|One that|Another one)\b/;
const vagueNouns =
  /\b(whoever|whomever|whatever it is|another one|somebody else|nobody|all the same|as it stands|as they stand|the others apart)\b/i;
const vagueVerbs =
  /\b(is told|are told|was told|is looked at|are looked at|comes back|come back|is said|are said|is none|are none|stands for itself|that much)\b/i;

/** The patterns of prose: docblocks, comments and pages. */
export const prosePatterns: readonly VoicePattern[] = [
  { name: "opening", matches: (sentence) => opening.test(sentence) && !sentence.endsWith("?") },
  { name: "vague noun", matches: (sentence) => vagueNouns.test(sentence) },
  { name: "vague verb", matches: (sentence) => vagueVerbs.test(sentence) },
  { name: "too long", matches: (sentence) => wordsIn(sentence) > maxWords },
];

/** The patterns of test titles. */
export const titlePatterns: readonly VoicePattern[] = [
  { name: "row first", matches: (title) => /^(?:[A-Z]\d+, )*[A-Z]\d+: /.test(title) },
  { name: "no verb first", matches: (title) => !startsWithVerb(title) },
  { name: "vague noun", matches: (title) => vagueNouns.test(title) },
  { name: "vague verb", matches: (title) => vagueVerbs.test(title) },
];

// "it …" goes on with a verb in the third person, maybe after an adverb. `${name}` is the name of a contract
// case.
const adverbs = /^(never|only|also|still|always|first|even|just|neither|both|either|then) /;
const verb = /^(does|has|is|goes|can|cannot|may|must|will|would|[a-z-]+s)\b/;
const plurals =
  /^(tokens|scopes|points|documents|texts|files|vectors|writes|errors|headings|sentences|words|chunks|hits|its|this)\b/;

function startsWithVerb(title: string): boolean {
  const rest = title.replace(/^(?:[A-Z]\d+, )*[A-Z]\d+: /, "").replace(adverbs, "");
  return rest.startsWith("${name}") || (verb.test(rest) && !plurals.test(rest));
}

function wordsIn(sentence: string): number {
  return sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
