import type { JsonValue } from "@binnacle/core";
import { jsonAt, listAt, scalarAt, stringAt } from "../objects/json-at.ts";

/** The state of a pod in words that do not tick. */
export interface PodState {
  readonly isHealthy: boolean;
  readonly words: string;
}

/** Reads the state of a pod after redaction, in which restarts are counted in steps. */
export function podState(pod: JsonValue): PodState {
  const phase = stringAt(pod, "status", "phase") ?? "Unknown";
  const containers = [
    ...listAt(pod, "status", "initContainerStatuses"),
    ...listAt(pod, "status", "containerStatuses"),
  ];
  const troubles = containers.flatMap((status) => containerTrouble(status, phase));
  const reason = stringAt(pod, "status", "reason");
  if (jsonAt(pod, "metadata", "deletionTimestamp") !== undefined)
    return { isHealthy: false, words: "terminating" };
  if (phase === "Succeeded") return { isHealthy: true, words: "finished" };
  const isReady = listAt(pod, "status", "conditions").some(
    (condition) => stringAt(condition, "type") === "Ready" && stringAt(condition, "status") === "True",
  );
  if (phase === "Running" && isReady && troubles.length === 0)
    return { isHealthy: true, words: "running and ready" };
  const unscheduled = unschedulable(pod);
  const head =
    phase === "Running" ? (isReady ? "running and ready" : "running but not ready") : phase.toLowerCase();
  const words = [head, ...(reason === undefined ? [] : [reason]), ...unscheduled, ...troubles];
  return { isHealthy: false, words: words.join(", ") };
}

function containerTrouble(status: JsonValue, phase: string): readonly string[] {
  const name = stringAt(status, "name") ?? "unknown";
  const restarts = scalarAt(status, "restartCount") ?? "0";
  const restarted = restarts === "0" ? "" : ` after ${restarts} restarts`;
  const waiting = stringAt(status, "state", "waiting", "reason");
  if (waiting !== undefined && waiting !== "PodInitializing" && waiting !== "ContainerCreating") {
    return [`container ${name} waits: ${waiting}${restarted}${lastExit(status)}`];
  }
  const ended = stringAt(status, "state", "terminated", "reason");
  if (ended !== undefined && ended !== "Completed")
    return [`container ${name} ended: ${ended}${exitCode(status)}`];
  if (phase === "Running" && restarts === "more than 5")
    return [`container ${name} restarted more than 5 times`];
  return [];
}

function exitCode(status: JsonValue): string {
  const code = scalarAt(status, "state", "terminated", "exitCode");
  return code === undefined ? "" : ` (exit code ${code})`;
}

function lastExit(status: JsonValue): string {
  const reason = stringAt(status, "lastState", "terminated", "reason");
  const code = scalarAt(status, "lastState", "terminated", "exitCode");
  return reason === undefined
    ? ""
    : `, last ended with ${reason}${code === undefined ? "" : ` (exit code ${code})`}`;
}

function unschedulable(pod: JsonValue): readonly string[] {
  const condition = listAt(pod, "status", "conditions").find(
    (item) => stringAt(item, "type") === "PodScheduled" && stringAt(item, "status") === "False",
  );
  const message = stringAt(condition, "message");
  return message === undefined ? [] : [`cannot be scheduled: ${message}`];
}
