#!/usr/bin/env -S node --conditions=@binnacle/source
import { enableCompileCache } from "node:module";

// Before anything else is loaded, so that the next start finds it compiled.
enableCompileCache();
const { runCommandLine } = await import("../command-line.ts");
process.exitCode = await runCommandLine(process.argv);
