#!/usr/bin/env -S node --conditions=@binnacle/source
import { runCommandLine } from "../command-line.ts";

process.exitCode = await runCommandLine(process.argv);
