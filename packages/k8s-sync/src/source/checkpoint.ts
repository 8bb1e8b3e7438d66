/** A position in the changes of a scope. */
export interface ScopePosition {
  readonly resourceVersion: string;
  /** Epoch milliseconds at which the position was current. */
  readonly asOf: number;
}

/** The cluster and the selection that a checkpoint belongs to. */
export interface CheckpointBinding {
  /** Identity of the cluster. */
  readonly clusterUid: string;
  /** Digest of the scope's selection. */
  readonly digest: string;
}

const version = "k8s1";

/** Writes a checkpoint. */
export function formatCheckpoint(position: ScopePosition, { clusterUid, digest }: CheckpointBinding): string {
  return [version, clusterUid, digest, position.resourceVersion, position.asOf].join("|");
}

/** Reads a checkpoint. Undefined for any other text and for another selection, so that the scope is listed. */
export function parseCheckpoint(
  text: string,
  digest: string,
): (ScopePosition & { readonly clusterUid: string }) | undefined {
  const [format, clusterUid = "", written, resourceVersion = "", asOf = ""] = text.split("|");
  if (format !== version || written !== digest || !/^\d+$/.test(resourceVersion) || !/^\d+$/.test(asOf))
    return undefined;
  return { clusterUid, resourceVersion, asOf: Number(asOf) };
}

/** Returns the cluster that a checkpoint belongs to. Undefined if the text is no checkpoint. */
export function clusterOfCheckpoint(text: string): string | undefined {
  const [format, clusterUid] = text.split("|");
  return format === version && clusterUid !== "" ? clusterUid : undefined;
}
