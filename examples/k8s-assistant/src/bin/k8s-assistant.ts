#!/usr/bin/env -S node --conditions=@binnacle/source
import { tolerateClosedPipes } from "../cli/closed-pipe.ts";
import { runProgram } from "../cli/run-program.ts";
import { shareCompileCache } from "../cli/share-compile-cache.ts";
import { createAssistantProgram } from "../assistant-program.ts";

tolerateClosedPipes();
shareCompileCache();
process.exitCode = await runProgram(process.argv, createAssistantProgram);
