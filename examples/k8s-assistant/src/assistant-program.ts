import { Command } from "commander";
import type { RunCommand } from "./cli/run-program.ts";

export function createAssistantProgram(_run: RunCommand): Command {
  return new Command("k8s-assistant").exitOverride();
}
