import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { freePort } from "../free-port.ts";
import { givenServer, startServer, type StartedServer } from "../start-server.ts";

/**
 * Model of the server. `chat`: SmolLM2 135M Instruct with a template that has tools. `embed`:
 * all-MiniLM-L6-v2, 384 dimensions, at most 256 tokens an input; it also scores pairs by their cosine.
 */
export type VllmKind = "chat" | "embed";

/** Options of {@link startVllm}. */
export interface VllmOptions {
  readonly kind: VllmKind;
  /** Further command line arguments. The environment's server is then not used. */
  readonly args?: readonly string[] | undefined;
}

const environment: Readonly<Record<VllmKind, string>> = { chat: "VLLM_URL", embed: "VLLM_EMBED_URL" };
const template = join(import.meta.dirname, "hermes-tools.jinja");
const chatArgs =
  "smollm2-135m-instruct-hf --served-model-name smollm2-135m-instruct --max-model-len 1024 --enable-auto-tool-choice --tool-call-parser hermes --max-num-queued-reqs 8";
const embedArgs =
  "minilm-l6-v2 --served-model-name all-MiniLM-L6-v2 --runner pooling --dtype float32 --max-model-len 256";
const modelArgs: Readonly<Record<VllmKind, readonly string[]>> = {
  chat: [...chatArgs.split(" "), "--chat-template", template],
  embed: embedArgs.split(" "),
};
const sharedArgs = ["--max-num-seqs", "8", "--enforce-eager", "--host", "127.0.0.1"];

/**
 * Returns the reason why there is no vLLM of these kinds here, or undefined. Installs vLLM only if
 * `BINNACLE_TEST_VLLM` is 1, because the installation takes up to ten minutes and every start a minute.
 */
export async function vllmMissing(
  kinds: readonly VllmKind[] = ["chat", "embed"],
): Promise<string | undefined> {
  if (kinds.every((kind) => process.env[environment[kind]] !== undefined)) return undefined;
  if (process.env["BINNACLE_TEST_VLLM"] !== "1")
    return `no vLLM: set BINNACLE_TEST_VLLM=1 to install and start it, or ${kinds.map((kind) => environment[kind]).join(" and ")} to use another`;
  try {
    await prepare();
    return undefined;
  } catch (error) {
    return `no vLLM: ${error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error)}`;
  }
}

/** Starts a server with a real model on a free port, or returns the environment's server. */
export async function startVllm({ kind, args = [] }: VllmOptions): Promise<StartedServer> {
  const given = process.env[environment[kind]];
  if (given !== undefined && args.length === 0) return givenServer(given);
  const command = await prepare();
  const port = await freePort();
  return startServer({
    name: "vLLM",
    command,
    args: ["serve", ...modelArgs[kind], ...sharedArgs, "--port", String(port), ...args],
    cwd: join(command, "../../models"),
    path: "/health",
    port,
    timeoutMs: 280_000,
    nice: 19,
  });
}

async function prepare(): Promise<string> {
  const { stdout } = await promisify(execFile)(join(import.meta.dirname, "get-vllm.sh"));
  return stdout.trim().split("\n").at(-1) ?? "";
}
