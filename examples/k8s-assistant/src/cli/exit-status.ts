/**
 * Exit statuses. 0: all went well. 1: a failure or a difference. 2: a part of the cluster could not be read, and
 * the rest is done.
 */
export const exitStatus = { ok: 0, failed: 1, partly: 2 } as const;
