/** 0: all went well; 2: some documents failed, the rest is done; 1: everything else. */
export const exitStatus = { ok: 0, failed: 1, someDocumentsFailed: 2 } as const;
