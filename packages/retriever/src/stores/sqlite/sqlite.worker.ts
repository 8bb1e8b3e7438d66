import { parentPort, workerData } from "node:worker_threads";
import type { WorkerOptions } from "./channel/requests.ts";
import { WorkerHost } from "./channel/worker-host.ts";
import { openStoreService } from "./database/store-service.ts";

// The one module that does something when loaded: it is a thread's entry, never imported.
const options: WorkerOptions = workerData;
if (parentPort) new WorkerHost(parentPort, (call) => openStoreService(options, call));
