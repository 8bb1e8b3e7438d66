import type { Answer, AnswerStream } from "@binnacle/retriever";
import type { AnswerEnd, AnswerJson, RefusalJson, SourceJson } from "./answer-json.ts";
import { refusalWords } from "./refusal-words.ts";
import type { Terminal } from "./terminal.ts";

/** Remarks on an incomplete answer. */
const endings: Readonly<Record<AnswerEnd, string | undefined>> = {
  stop: undefined,
  length: "The answer is cut: the model reached its token limit.",
  "content-filter": "The answer is cut: the model's server filtered it.",
  repeated: "The model repeated itself and was stopped.",
};

/** Options of {@link printAnswer}. */
export interface PrintedAnswer {
  /** True if the index has several folders, which may have documents of the same name. */
  readonly namesFolder: boolean;
}

/** Prints the answer while the model writes it. Call {@link printFootnotes} after it. */
export async function printAsItComes(stream: AnswerStream, terminal: Terminal): Promise<Answer> {
  try {
    for await (const event of stream) if (event.type === "text") terminal.write(event.text);
  } finally {
    terminal.write("\n");
  }
  return await stream.result;
}

/** Prints the answer and its footnotes. */
export function printAnswer(answer: AnswerJson, terminal: Terminal, printed: PrintedAnswer): void {
  terminal.print(answer.answer);
  printFootnotes(answer, terminal, printed);
}

/**
 * Prints the remark on an incomplete answer and the places of its citations. Without citations it prints the
 * passages that the model read.
 */
export function printFootnotes(
  { mode, finishReason = "stop", citations, sources, refusal }: AnswerJson,
  terminal: Terminal,
  printed: PrintedAnswer,
): void {
  const ending = endings[finishReason];
  if (ending !== undefined) terminal.note(ending);
  terminal.print("");
  for (const citation of citations) terminal.print(`  [${citation.number}] ${placeOf(citation, printed)}`);
  if (refusal !== undefined) printRefusal(refusal, terminal, printed);
  if (mode !== "generated" || citations.length > 0) return;
  terminal.print("  No citations. The model read:");
  for (const source of sources) terminal.print(`    ${placeOf(source, printed)}`);
}

/** Prints the reason for a refusal and the nearest passages. */
function printRefusal(refusal: RefusalJson, terminal: Terminal, printed: PrintedAnswer): void {
  terminal.print(`  ${refusalWords(refusal)}`);
  if (refusal.nearest.length > 0) terminal.print("  Nearest passages:");
  for (const passage of refusal.nearest) terminal.print(`    ${placeOf(passage, printed)}`);
}

function placeOf(source: SourceJson, { namesFolder }: PrintedAnswer): string {
  const { documentId, sourceId, path, start, end } = source;
  const page = path?.find((name) => /^page \d+$/.test(name));
  const folder = namesFolder && sourceId !== undefined ? ` in ${sourceId}` : "";
  return `${documentId}:${start}-${end}${page === undefined ? "" : ` (${page})`}${folder}`;
}
