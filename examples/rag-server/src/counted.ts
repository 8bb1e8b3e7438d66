/** Returns a number with its noun: "1 chunk", "2 chunks". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
