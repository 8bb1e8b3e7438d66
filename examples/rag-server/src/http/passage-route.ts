import type { StoredChunk } from "@binnacle/core";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { sourceIdOf } from "../folder-names.ts";
import type { RagSystem } from "../rag-system.ts";
import { RequestFault } from "./request-fault.ts";
import { failure } from "./schemas.ts";

const query = z.strictObject({
  document: z.string().min(1).max(4000).describe("Id of the document."),
  folder: z.string().max(4000).optional().describe("Name of its folder, if several are indexed."),
  start: z.coerce.number().int().nonnegative().describe("First character of the passage."),
  end: z.coerce.number().int().nonnegative().describe("One past its last character."),
});

const passageReply = z.object({
  documentId: z.string(),
  textStart: z.int().nonnegative().describe("Offset of the text in the document, as a UTF-16 index."),
  text: z.string().describe("The indexed text around the passage."),
  isFirst: z.boolean().describe("True if no indexed text is before it."),
  isLast: z.boolean().describe("True if no indexed text is after it."),
});

/** Characters that are shown on each side of the passage, at most. */
const around = 700;
/** A longer passage has no neighbourhood beside it. */
const mostCharacters = 20_000;

/** Adds `GET /passage`: a passage with the text around it, as it is indexed. */
export function registerPassage(app: FastifyInstance, system: RagSystem): void {
  const schema = {
    summary: "Read a passage with its neighbourhood.",
    tags: ["chat"],
    querystring: query,
    response: { 200: passageReply, 400: failure, 404: failure },
  };
  const config = { access: { permission: "GenerateText", row: "T3" } } as const;
  app.withTypeProvider<ZodTypeProvider>().get("/passage", { schema, config }, async (request) => {
    const { document, folder, start, end } = request.query;
    if (end <= start || end - start > mostCharacters)
      throw new RequestFault(400, `\`end\` must be 1 to ${mostCharacters} characters after \`start\``);
    const chunks = await chunksOf(system, document, folder);
    const passage = neighbourhood(chunks, start, end);
    if (passage === undefined) throw new RequestFault(404, `"${document}" has no indexed text there`);
    return { documentId: document, ...passage };
  });
}

async function chunksOf(
  { data, store, collection }: RagSystem,
  documentId: string,
  folder: string | undefined,
): Promise<readonly StoredChunk[]> {
  const sourceId = sourceIdOf(await data.sources(collection), folder);
  const chunks: StoredChunk[] = [];
  if (sourceId === undefined) return chunks;
  for await (const { chunk } of store.collection(collection).scan({ sourceId, documentId }))
    chunks.push(chunk);
  return chunks.sort((a, b) => a.start - b.start);
}

/** The text from a place in a document. */
type Neighbourhood = Omit<z.output<typeof passageReply>, "documentId">;

/**
 * Joins the chunks around a range by their offsets. Between two chunks there is at most white space, which is
 * written as line breaks. Undefined if no chunk overlaps the range.
 */
export function neighbourhood(
  chunks: readonly Pick<StoredChunk, "start" | "end" | "text">[],
  start: number,
  end: number,
): Neighbourhood | undefined {
  const near = chunks.filter((chunk) => chunk.end > start - around && chunk.start < end + around);
  if (!near.some((chunk) => chunk.end > start && chunk.start < end)) return undefined;
  const [first] = near;
  if (first === undefined) return undefined;
  let text = "";
  for (const chunk of near) {
    const at = chunk.start - first.start;
    if (at > text.length) text += "\n".repeat(at - text.length);
    if (chunk.end - first.start > text.length) text = text.slice(0, at) + chunk.text;
  }
  const from = first.start + beginningOfLine(text, start - around - first.start);
  const to = first.start + endOfLine(text, end + around - first.start);
  return {
    textStart: from,
    text: text.slice(from - first.start, to - first.start),
    isFirst: from === chunks[0]?.start,
    isLast: to >= Math.max(...chunks.map((chunk) => chunk.end)),
  };
}

/** Returns the beginning of the line after an offset, because half a line would be no Markdown. */
function beginningOfLine(text: string, offset: number): number {
  if (offset <= 0) return 0;
  const line = text.indexOf("\n", offset);
  return line === -1 || line > offset + around ? offset : line + 1;
}

function endOfLine(text: string, offset: number): number {
  if (offset >= text.length) return text.length;
  const line = text.lastIndexOf("\n", offset);
  return line < offset - around ? offset : line;
}
