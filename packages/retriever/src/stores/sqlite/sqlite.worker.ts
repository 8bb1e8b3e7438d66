import { parentPort, workerData } from "node:worker_threads";
import type { WorkerOptions } from "./channel/requests.ts";
import { WorkerHost } from "./channel/worker-host.ts";
import { openStoreService } from "./database/store-service.ts";

// The only module with an effect on load. It is the entry of a thread and is never imported.
const options: WorkerOptions = workerData;
if (parentPort) new WorkerHost(parentPort, (call) => openStoreService(options, call));
