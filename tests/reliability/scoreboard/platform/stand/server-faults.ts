import { exactly, type Figure } from "../../experiment.ts";
import type { RunningProgram } from "./start-program.ts";

/** Figures that every row has: the server runs, and its log has no rejection that nothing handled. */
export function serverFaults(server: RunningProgram): readonly Figure[] {
  return [
    exactly("servers that ended by themselves", server.ended === undefined ? 0 : 1, 0),
    exactly("unhandled rejections and warnings in the log", server.faults(), 0),
  ];
}
