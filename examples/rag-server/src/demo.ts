import { BinnacleError } from "@binnacle/core";
import { CommanderError } from "commander";
import { z } from "zod";
import { answerJson, type AnswerJson } from "./answer-json.ts";
import { closingWords } from "./closing-words.ts";
import { ingestFolder } from "./commands/ingest.ts";
import { interrupted } from "./commands/serve.ts";
import type { RecordedSource } from "./data-directory.ts";
import { parseDemoOptions, type DemoOptions } from "./demo-options.ts";
import { documentLine } from "./document-line.ts";
import { readEnvironment } from "./environment.ts";
import { exitStatus } from "./exit-status.ts";
import { sourceIdOf } from "./folder-names.ts";
import { chatReply, failure as failureSchema, type ChatReply } from "./http/schemas.ts";
import { plainMessage } from "./plain-message.ts";
import { printAnswer } from "./print-answer.ts";
import { requireAnswer } from "./probe-server-kind.ts";
import { questionsFromIndex } from "./questions-from-index.ts";
import { withRagSystem, type RagSystem } from "./rag-system.ts";
import { errorJson, reportError } from "./report-error.ts";
import { startServer } from "./serve.ts";
import { stopSignal } from "./stop-signal.ts";
import { createTerminal, type Terminal } from "./terminal.ts";
import { asksForJson, usageErrorJson } from "./usage-error.ts";

/** Runs the demo and resolves to the process's exit status. */
export async function runDemo(argv: readonly string[]): Promise<number> {
  const stop = stopSignal();
  const terminal = createTerminal(asksForJson(argv));
  try {
    const options = await parseDemoOptions(argv);
    const open = {
      data: options.data,
      collection: "documents",
      onWarning: terminal.note,
      signal: stop.signal,
    };
    return await withRagSystem(open, (system) => demo(system, options, terminal, stop.signal));
  } catch (error) {
    if (error instanceof CommanderError) {
      const told = usageErrorJson(argv, error);
      if (told !== undefined) terminal.result(told);
      return error.exitCode;
    }
    terminal.result(errorJson(error));
    return reportError(error);
  } finally {
    stop.release();
  }
}

async function demo(
  system: RagSystem,
  options: DemoOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  await requireModelServer(signal);
  const { path, failures } = await indexTwice(system, options, terminal, signal);
  const question = options.question ?? (await makeQuestion(system, path, terminal, signal));
  const folders = await system.data.sources(system.collection);
  const server = await startServer(system, {
    host: "127.0.0.1",
    port: options.port,
    log: { write: (line) => terminal.note(`server: ${plainMessage(logMessage(line))}`) },
  });
  try {
    const answer = locate(await askOverHttp(server.url, question, signal), folders);
    terminal.print(`\n> ${answer.question}\n`);
    printAnswer(answer, terminal, { namesFolder: folders.length > 1 });
    terminal.print(closingWords(system, options.once ? undefined : server.url));
    terminal.result(answer);
    if (!options.once) await interrupted(signal);
  } finally {
    await server.close();
  }
  return failures === 0 ? exitStatus.ok : exitStatus.someDocumentsFailed;
}

/** Checks a model server whose kind is configured, and so not probed, before the folder is indexed. */
async function requireModelServer(signal: AbortSignal): Promise<void> {
  const { llm } = readEnvironment(process.env);
  if (llm?.kind !== undefined) await requireAnswer("BINNACLE_LLM", llm, { signal });
}

/** Returns the part of a log line that a person needs. */
function logMessage(line: string): string {
  return z.object({ msg: z.string() }).parse(JSON.parse(line)).msg;
}

/** Makes a question from the indexed documents, because only the folder's owner knows what it can answer. */
async function makeQuestion(
  system: RagSystem,
  path: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<string> {
  const [question] = await questionsFromIndex(system, { sourceId: path, count: 1, signal });
  terminal.print("\nNo question was given (--ask), so one is made from what was indexed:");
  return question ?? "What is this about?";
}

/**
 * Indexes the folder twice. The second run shows that nothing is left to do. Resolves to the folder's path in
 * the index and the number of failed documents.
 */
async function indexTwice(
  system: RagSystem,
  options: DemoOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<{ readonly path: string; readonly failures: number }> {
  const folder = { place: options.docs, signal };
  terminal.print(`Indexing ${options.docs}`);
  const first = await ingestFolder(system, { ...folder, onNote: terminal.note });
  terminal.print(`  ${first.summary} in ${seconds(first.durationMs)}`);
  for (const failure of first.failures) terminal.note(documentLine(failure.documentId, failure.message));
  await requireText(system, first.path);
  const second = await ingestFolder(system, folder);
  const writes = second.pointsWritten + second.pointsDeleted;
  terminal.print(
    `Indexing it again\n  ${second.embeddings} embeddings, ${writes} writes in ${seconds(second.durationMs)}`,
  );
  return { path: first.path, failures: second.failures.length };
}

async function requireText({ store, collection }: RagSystem, docs: string): Promise<void> {
  if ((await store.collection(collection).count({ sourceId: docs })) > 0) return;
  throw new BinnacleError(
    "no_documents",
    `there is nothing to ask about in ${docs}; name a folder with text, Markdown, HTML or source code`,
  );
}

/** Asks the demo's server over HTTP, like any other client. */
async function askOverHttp(url: string, question: string, signal: AbortSignal): Promise<ChatReply> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ message: question });
  const response = await fetch(new URL("chat", url), { method: "POST", headers, body, signal });
  const reply: unknown = await response.json();
  if (!response.ok) throw new BinnacleError("chat_failed", failureSchema.parse(reply).message);
  return chatReply.parse(reply);
}

/** Adds the folders' full paths to a reply, which contains only short names. */
function locate(reply: ChatReply, folders: readonly RecordedSource[]): AnswerJson {
  const located = <T extends { readonly folder?: string | undefined }>(source: T) => {
    return { ...source, sourceId: sourceIdOf(folders, source.folder) };
  };
  const { citations, sources } = reply;
  return answerJson({ ...reply, citations: citations.map(located), sources: sources.map(located) });
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
