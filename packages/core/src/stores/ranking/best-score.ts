/** Returns the score of strategy `best` of a `LikeLeg`, from the highest similarities. */
export function bestScore(like: number, unlike: number): number {
  return like > unlike ? squashed(like) : -squashed(unlike);
}

function squashed(x: number): number {
  return (1 + x / (1 + Math.abs(x))) / 2;
}
