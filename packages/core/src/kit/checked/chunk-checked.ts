import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import type { Chunk, Chunker } from "../../spec/chunker.ts";
import type { Document } from "../../spec/document.ts";
import { describeValue } from "../parsing/describe-value.ts";

/** Splits a document with a chunker and checks each chunk, because the chunker may be an app's own. Throws an
 * `InvalidResponseError` at the first invalid chunk, such as one whose text is not the document's. */
export function* chunkChecked(chunker: Chunker, document: Document): Generator<Chunk, void> {
  const chunks: Iterable<Chunk> = chunker.chunk(document);
  if (!isIterable(chunks))
    throw unusable(chunker, `\`chunk()\` must return an iterable, got ${describeValue(chunks)}`);
  let position = 0;
  for (const chunk of chunks) {
    const issue = chunkIssue(chunk, position, document.text);
    if (issue !== undefined) throw unusable(chunker, `chunk ${position}: ${issue}`);
    position += 1;
    yield chunk;
  }
}

function chunkIssue(chunk: unknown, position: number, text: string): string | undefined {
  if (typeof chunk !== "object" || chunk === null) return `expected a Chunk, got ${describeValue(chunk)}`;
  const field = (name: keyof Chunk): unknown => Reflect.get(chunk, name);
  const [start, end, path] = [field("start"), field("end"), field("path")];
  if (field("index") !== position)
    return `\`index\` must be ${position}, got ${describeValue(field("index"))}`;
  if (!isCount(start) || !isCount(end) || start >= end || end > text.length)
    return `\`start\` and \`end\` must be a range of the text's ${text.length} characters, got ${describeValue(start)} and ${describeValue(end)}`;
  if (field("text") !== text.slice(start, end))
    return `\`text\` must be the document's text from ${start} to ${end}`;
  if (typeof field("context") !== "string")
    return `\`context\` must be a string, which may be empty, got ${describeValue(field("context"))}`;
  if (!isCount(field("tokens")))
    return `\`tokens\` must be a whole number of at least 0, got ${describeValue(field("tokens"))}`;
  if (!Array.isArray(path) || path.some((name) => typeof name !== "string"))
    return `\`path\` must be an array of strings, got ${describeValue(path)}`;
  return undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isIterable(value: unknown): boolean {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function unusable({ id }: Chunker, message: string): InvalidResponseError {
  return new InvalidResponseError(`Chunker "${id}" returned an invalid result: ${message}. Fix the chunker.`);
}
