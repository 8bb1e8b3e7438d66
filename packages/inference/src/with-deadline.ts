import type { CallOptions } from "@binnacle/core";
import { abortable, createDeadline, type Deadline } from "@binnacle/core/kit";

/** Runs one call no longer than the caller's signal and deadline allow. */
export async function withDeadline<T>(
  label: string,
  { signal, deadlineAt }: CallOptions,
  call: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const deadline = createDeadline({ label, signal, deadlineAt });
  try {
    deadline.signal.throwIfAborted();
    return await abortable(call(deadline), deadline.signal);
  } finally {
    deadline[Symbol.dispose]();
  }
}
