/** A position in the changes of a scope. */
export interface ScopePosition {
  /** Empty if the scope cannot be resumed. */
  readonly resourceVersion: string;
  /** Epoch milliseconds at which the position was current. */
  readonly asOf: number;
}

/** The cluster and the selection that a checkpoint belongs to. */
export interface CheckpointBinding {
  /** Identity of the cluster. Empty if it may not be read. */
  readonly clusterUid: string;
  /** Digest of the scope's selection. */
  readonly digest: string;
}

const version = "k8s1";

/** Writes a checkpoint. */
export function formatCheckpoint(position: ScopePosition, { clusterUid, digest }: CheckpointBinding): string {
  return [version, clusterUid, digest, position.resourceVersion, position.asOf].join("|");
}

/** Reads a checkpoint. Undefined for any other text and for another selection, so that the scope is listed. A
 * cluster that is not known to be the same counts as another. */
export function parseCheckpoint(
  text: string,
  { clusterUid, digest }: CheckpointBinding,
): ScopePosition | undefined {
  const [format, cluster, written, resourceVersion = "", asOf = ""] = text.split("|");
  const isSame = format === version && clusterUid !== "" && cluster === clusterUid && written === digest;
  if (!isSame || !/^\d+$/.test(resourceVersion) || !/^\d+$/.test(asOf)) return undefined;
  return { resourceVersion, asOf: Number(asOf) };
}

/** Returns the cluster that a checkpoint belongs to. Undefined if the text is no checkpoint. */
export function clusterOfCheckpoint(text: string): string | undefined {
  const [format, clusterUid] = text.split("|");
  return format === version && clusterUid !== "" ? clusterUid : undefined;
}
