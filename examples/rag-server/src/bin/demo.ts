#!/usr/bin/env -S node --conditions=@binnacle/source
import { runDemo } from "../demo.ts";

process.exitCode = await runDemo(process.argv);
