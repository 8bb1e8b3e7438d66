import { onTestFinished } from "vitest";
import { handbook } from "./handbook.ts";
import { runProgram, type ProgramResult } from "./run-program.ts";
import { temporaryFolder, type TemporaryFolder } from "./temporary-folder.ts";

/** A folder of documents and a data directory for running the command line. */
export interface Workspace {
  readonly docs: TemporaryFolder;
  readonly data: TemporaryFolder;
  rag(...args: readonly string[]): Promise<ProgramResult>;
  ragWith(environment: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<ProgramResult>;
}

/** Creates a workspace and removes it when the test ends. */
export async function createWorkspace(
  files: Readonly<Record<string, string | Uint8Array>> = handbook,
): Promise<Workspace> {
  const [docs, data] = [await temporaryFolder(files), await temporaryFolder()];
  onTestFinished(async () => {
    await docs.dispose();
    await data.dispose();
  });
  const ragWith: Workspace["ragWith"] = (environment, ...args) =>
    runProgram("binnacle-rag", [...args, "--data", data.path], environment);
  return { docs, data, ragWith, rag: (...args) => ragWith({}, ...args) };
}
