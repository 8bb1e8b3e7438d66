#!/usr/bin/env -S node --conditions=@binnacle/source
import { tolerateClosedPipes } from "../closed-pipe.ts";
import { shareCompileCache } from "../share-compile-cache.ts";

tolerateClosedPipes();
shareCompileCache();
const { runCommandLine } = await import("../command-line.ts");
process.exitCode = await runCommandLine(process.argv);
