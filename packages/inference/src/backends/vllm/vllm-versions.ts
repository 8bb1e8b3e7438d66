/** The ways in which versions of vLLM differ. */
export interface VllmTraits {
  /** Field for grammars. Versions that do not know a field ignore it without a word. */
  readonly grammarField: "guided" | "structured_outputs";
  /** Name of an earlier turn's reasoning in a request. */
  readonly reasoningField: "reasoning_content" | "reasoning";
}

interface VersionRow extends Partial<VllmTraits> {
  /** First version with these traits, as major and minor number. */
  readonly since: readonly [major: number, minor: number];
}

const oldest: VllmTraits = { grammarField: "guided", reasoningField: "reasoning_content" };

const rows: readonly VersionRow[] = [
  { since: [0, 11], grammarField: "structured_outputs" }, // 0.12 ignores the older fields
  { since: [0, 16], reasoningField: "reasoning" }, // 0.16 ignores the older name
];

/**
 * Returns the traits of a version, such as `0.32.0` or `0.11.1rc2.dev3+g1234567`. An unreadable version
 * counts as the newest.
 */
export function traitsOf(version: string): VllmTraits {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  const isKnown = major !== undefined && minor !== undefined;
  const reached = ({ since: [first, second] }: VersionRow): boolean =>
    !isKnown || Number(major) > first || (Number(major) === first && Number(minor) >= second);
  return rows
    .filter(reached)
    .reduce<VllmTraits>((traits, { since: _, ...row }) => ({ ...traits, ...row }), oldest);
}
