/** Exit statuses: 0 if all went well, 1 for a failure or a difference, 2 if a part of the cluster could not be
 * read and the rest is done. */
export const exitStatus = { ok: 0, failed: 1, partly: 2 } as const;
