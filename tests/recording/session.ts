import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { createTerminalScreen } from "./terminal-screen.ts";

/** The screen at one moment. */
export interface Frame {
  /** Milliseconds since the recording began. */
  readonly atMs: number;
  readonly rows: readonly string[];
  /** True while a program runs, false while a command is typed. */
  readonly isRunning: boolean;
}

/** One line that is typed into the shell. */
export interface Step {
  readonly command: string;
  /** Kills the program with SIGKILL once its last row says so. @default the program runs to its end */
  readonly killWhen?: ((row: string) => boolean) | undefined;
}

/** Options of {@link recordSession}. */
export interface SessionOptions {
  readonly steps: readonly Step[];
  readonly cwd: string;
  readonly columns: number;
  readonly environment: NodeJS.ProcessEnv;
}

const prompt = "$ ";
const typingMs = 25;
const pauseMs = 900;
const longestStepMs = 600_000;

/**
 * Types each line into a real shell on a real terminal. Returns what the screen showed and when. The home of
 * the session is shown as `~`. Throws if a command does not end within ten minutes.
 */
export async function recordSession(options: SessionOptions): Promise<readonly Frame[]> {
  const { steps, cwd } = options;
  const shell = startShell(options);
  const screen = createTerminalScreen();
  const frames: Frame[] = [];
  const startedAt = performance.now();
  let typed = "";
  shell.stdout?.setEncoding("utf8").on("data", (text: string) => {
    screen.write(text);
    const rows = screen.rows().map((row) => row.replaceAll(cwd, "~"));
    frames.push({ atMs: Math.round(performance.now() - startedAt), rows, isRunning: typed === "\n" });
  });
  const lastRow = (): string => screen.rows().at(-1) ?? "";
  const isAtPrompt = (): boolean => lastRow() === prompt.trimEnd();
  try {
    for (const { command, killWhen } of steps) {
      await until(isAtPrompt, command);
      await wait(pauseMs);
      for (typed of `${command}\n`) {
        shell.stdin?.write(typed);
        await wait(typingMs);
      }
      if (killWhen !== undefined) {
        await until(() => killWhen(lastRow()), command);
        process.kill(runningProgram(shell), "SIGKILL");
      }
    }
    await until(isAtPrompt, "the last command");
    return frames;
  } finally {
    shell.kill("SIGKILL");
  }
}

/** `script` gives the shell a terminal, so that programs show their progress as they do to a person. */
function startShell({ cwd, columns, environment }: SessionOptions): ChildProcess {
  const command = `stty cols ${columns} rows 40; exec env PS1='${prompt}' bash --norc --noediting`;
  return spawn("script", ["--quiet", "--flush", "--command", command, "/dev/null"], {
    cwd,
    env: { ...environment, SHELL: "/bin/bash", TERM: "xterm", HOME: cwd },
    stdio: ["pipe", "pipe", "inherit"],
  });
}

/** The youngest descendant of the shell's terminal. */
function runningProgram({ pid }: ChildProcess): number {
  let found = Number(pid);
  for (;;) {
    const children = readFileSync(`/proc/${found}/task/${found}/children`, "utf8").trim();
    if (children === "") return found;
    found = Number(children.split(" ").at(-1));
  }
}

async function until(isTrue: () => boolean, command: string): Promise<void> {
  for (const end = Date.now() + longestStepMs; !isTrue(); await wait(10))
    if (Date.now() > end) throw new Error(`"${command}" was not done after ${longestStepMs} ms`);
}
