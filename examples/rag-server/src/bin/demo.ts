#!/usr/bin/env -S node --conditions=@binnacle/source
import { tolerateClosedPipes } from "../closed-pipe.ts";
import { shareCompileCache } from "../share-compile-cache.ts";

tolerateClosedPipes();
shareCompileCache();
const { runDemo } = await import("../demo.ts");
process.exitCode = await runDemo(process.argv);
