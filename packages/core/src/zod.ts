/**
 * The zod that all packages share. Their builds import `zod` from here, so that a process loads it once.
 * @packageDocumentation
 */
export { z } from "zod";
