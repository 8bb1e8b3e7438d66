#!/usr/bin/env -S node --conditions=@binnacle/source
import { enableCompileCache } from "node:module";
import { tolerateClosedPipes } from "../closed-pipe.ts";

tolerateClosedPipes();
// Before the rest is loaded, so that the next start finds it compiled.
enableCompileCache();
const { runDemo } = await import("../demo.ts");
process.exitCode = await runDemo(process.argv);
