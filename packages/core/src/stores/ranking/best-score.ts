/** Returns the score of strategy `best` of a `LikeLeg`, from the highest similarities. */
export function bestScore(like: number, unlike: number): number {
  return like > unlike ? squashed(like) : -squashed(unlike);
}

/** Returns the score of a `DiscoverLeg` without a target, from the difference of similarities to each pair. */
export function contextScore(differences: readonly number[]): number {
  return differences.reduce((sum, d) => sum + Math.min(d, 0) / (1 + Math.abs(Math.min(d, 0))), 0);
}

/** Returns the score of a `DiscoverLeg` with a target, from the differences and the similarity to the target. */
export function discoveryScore(differences: readonly number[], toTarget: number): number {
  return differences.reduce((sum, d) => sum + Math.sign(d), 0) + squashed(toTarget);
}

function squashed(x: number): number {
  return (1 + x / (1 + Math.abs(x))) / 2;
}
