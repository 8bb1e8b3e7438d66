import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/**
 * A running process by a name that no other one ever has: its machine since its last start, its space of process numbers
 * (a container has its own), its number, and when it began. Undefined where the system does not tell: then nobody can say
 * of it that it died.
 */
export function describeProcess(pid: number): string | undefined {
  const found = readStat(pid);
  const machine = thisMachine();
  return found && machine && JSON.stringify([machine, pid, found.startedAt]);
}

/** Whether the name is that of a process that was running here and is no more. In doubt it is not. */
export function isDeadProcess(description: unknown): boolean {
  if (typeof description !== "string") return false;
  const [machine, pid, startedAt]: readonly unknown[] = JSON.parse(description);
  if (typeof pid !== "number" || machine !== thisMachine()) return false;
  if (!isRunning(pid)) return true;
  const found = readStat(pid);
  return found !== undefined && (found.isZombie || found.startedAt !== startedAt);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: somebody else's, and running.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** Linux tells; elsewhere a process number may have gone to another process unnoticed. */
function thisMachine(): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${hostname()} ${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return undefined; // not Linux, or a sandbox that hides it
  }
}

interface ProcessStat {
  readonly isZombie: boolean;
  /** Clock ticks after the machine's start. */
  readonly startedAt: string | undefined;
}

/** Fields 3 and 22 of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; the second may itself hold blanks. */
function readStat(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { isZombie: fields[0] === "Z" || fields[0] === "X", startedAt: fields[19] };
  } catch {
    return undefined; // gone, hidden, or not Linux
  }
}
