import type { ConformanceServer } from "../conformance-server.ts";
import { llamaServer } from "./llama-server.ts";
import { tei } from "./tei.ts";
import { triton } from "./triton.ts";
import { vllm } from "./vllm.ts";

/** All servers of the conformance suite, in the order of the table. */
export const conformanceServers: readonly ConformanceServer[] = [llamaServer, tei, triton, vllm];
