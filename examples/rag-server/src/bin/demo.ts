#!/usr/bin/env -S node --conditions=@binnacle/source
import { enableCompileCache } from "node:module";

// Before anything else is loaded, so that the next start finds it compiled.
enableCompileCache();
const { runDemo } = await import("../demo.ts");
process.exitCode = await runDemo(process.argv);
