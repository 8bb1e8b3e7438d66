/**
 * Adds the configuration to a checkpoint, because the checkpoint holds only for documents that were indexed
 * with it.
 */
export function formatResume(config: string, checkpoint: string): string {
  return `${config}.${checkpoint}`;
}

/**
 * Returns the source's own checkpoint if it was recorded with this configuration, and undefined otherwise.
 */
export function parseResume(config: string, resume: string): string | undefined {
  return resume.startsWith(`${config}.`) ? resume.slice(config.length + 1) : undefined;
}
