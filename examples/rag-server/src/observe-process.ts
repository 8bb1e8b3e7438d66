import { performance } from "node:perf_hooks";
import { Gauge, type Registry } from "prom-client";

/** Measures this process when it is asked, without a timer: its memory, and how busy its event loop was. */
export function observeProcess(registry: Registry): void {
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Memory of the process.",
    registers: [registry],
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  let last = performance.eventLoopUtilization();
  new Gauge({
    name: "nodejs_eventloop_utilization_ratio",
    help: "Share of the time since the last scrape in which the event loop was busy.",
    registers: [registry],
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, last).utilization);
      last = now;
    },
  });
}
