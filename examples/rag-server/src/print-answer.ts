import type { Answer, AnswerStream } from "@binnacle/retriever";
import type { AnswerEnd, AnswerJson, RefusalJson, SourceJson } from "./answer-json.ts";
import { refusalWords } from "./refusal-words.ts";
import type { Terminal } from "./terminal.ts";

/** What to say of an answer that is not whole. */
const endings: Readonly<Record<AnswerEnd, string | undefined>> = {
  stop: undefined,
  length: "The answer is cut: the model reached the most tokens that it may write.",
  "content-filter": "The answer is cut: the model's server filtered it.",
  repeated: "The model repeated itself and was stopped.",
};

/** How an answer is printed. */
export interface PrintedAnswer {
  /** Two folders may have documents of one name. */
  readonly namesFolder: boolean;
}

/** Shows the answer while the model writes it; {@link printFootnotes} is for what belongs under it. */
export async function printAsItComes(stream: AnswerStream, terminal: Terminal): Promise<Answer> {
  try {
    for await (const event of stream) if (event.type === "text") terminal.write(event.text);
  } finally {
    terminal.write("\n");
  }
  return await stream.result;
}

/** The answer, and what belongs under it. */
export function printAnswer(answer: AnswerJson, terminal: Terminal, printed: PrintedAnswer): void {
  terminal.print(answer.answer);
  printFootnotes(answer, terminal, printed);
}

/** Why the answer is not whole, if so, and where each citation stands; where there is none, what the model had read. */
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
  terminal.print("  Not cited; the model was given:");
  for (const source of sources) terminal.print(`    ${placeOf(source, printed)}`);
}

/** Why nothing answers the question, and where to look all the same. */
function printRefusal(refusal: RefusalJson, terminal: Terminal, printed: PrintedAnswer): void {
  terminal.print(`  ${refusalWords(refusal)}`);
  if (refusal.nearest.length > 0) terminal.print("  Nearest passages:");
  for (const passage of refusal.nearest) terminal.print(`    ${placeOf(passage, printed)}`);
}

function placeOf({ documentId, sourceId, start, end }: SourceJson, { namesFolder }: PrintedAnswer): string {
  const folder = namesFolder && sourceId !== undefined ? ` in ${sourceId}` : "";
  return `${documentId}:${start}-${end}${folder}`;
}
