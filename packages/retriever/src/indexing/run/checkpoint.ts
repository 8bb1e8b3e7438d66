/** A checkpoint holds only for what was indexed with the same configuration. */
export function formatResume(config: string, checkpoint: string): string {
  return `${config}.${checkpoint}`;
}

/** The source's own checkpoint, if it was recorded with this configuration. */
export function parseResume(config: string, resume: string): string | undefined {
  return resume.startsWith(`${config}.`) ? resume.slice(config.length + 1) : undefined;
}
