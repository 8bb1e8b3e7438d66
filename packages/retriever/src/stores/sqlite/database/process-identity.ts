import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Returns a name that only one process ever has. It contains the machine since its last start, its space
 * of process numbers (a container has its own), the number and the start time. Undefined if the system
 * does not provide these facts. Then no death of this process can be proven. */
export function describeProcess(pid: number): string | undefined {
  const found = readStat(pid);
  const machine = thisMachine();
  return found && machine && JSON.stringify([machine, pid, found.startedAt]);
}

/** Returns true if the process of that name ran here and has ended. Returns false if in doubt. */
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
    // EPERM: a running process of another user.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** Returns the start time on Linux. On other systems another process may have got the number unnoticed. */
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
  /** Clock ticks between the machine's start and the process's start. */
  readonly startedAt: string | undefined;
}

/** Reads fields 3 and 22 of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html. The second field
 * may contain blanks. */
function readStat(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { isZombie: fields[0] === "Z" || fields[0] === "X", startedAt: fields[19] };
  } catch {
    return undefined; // gone, hidden, or not Linux
  }
}
