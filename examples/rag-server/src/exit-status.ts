/**
 * Exit statuses: 0 if all went well, 2 if some documents failed and the rest is done, 1 for every other
 * failure.
 */
export const exitStatus = { ok: 0, failed: 1, someDocumentsFailed: 2 } as const;
