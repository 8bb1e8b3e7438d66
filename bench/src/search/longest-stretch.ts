/** Returns the longest time in milliseconds for which other work had to wait while `run` went on. */
export async function longestStretch(run: () => Promise<unknown>): Promise<number> {
  let [longest, isRunning] = [0, true];
  let last = performance.now();
  const tick = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (isRunning) setImmediate(tick);
  };
  setImmediate(tick);
  await run();
  isRunning = false;
  return Math.max(longest, performance.now() - last);
}
