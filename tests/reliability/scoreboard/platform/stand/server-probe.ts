// Loaded into a server before its program. Answers each message with the memory and resources of the process.
import { monitorEventLoopDelay } from "node:perf_hooks";

/** Memory, resources and processor time of a server's process. */
export interface Probed {
  /** Bytes of the heap after a collection. */
  readonly heapBytes: number;
  /** Sockets, timers and other things that keep the process awake. */
  readonly resources: readonly string[];
  /** Processor time since the process began, in milliseconds. */
  readonly cpuMs: number;
  /** Longest time since the last message in which the event loop did nothing else, in milliseconds. */
  readonly stretchMs: number;
}

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
process.on("message", () => {
  const stretchMs = delay.max / 1e6;
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const resources = process.getActiveResourcesInfo();
  const { heapUsed: heapBytes } = process.memoryUsage();
  const probed: Probed = { heapBytes, resources, cpuMs: (user + system) / 1000, stretchMs };
  process.send?.(probed);
  // The collection above is not the server's.
  setImmediate(() => setImmediate(() => delay.reset()));
});
process.channel?.unref(); // the probe must not keep a stopped server alive
