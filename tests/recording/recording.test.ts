import { describe, expect, test } from "vitest";
import { renderRecording } from "./render-recording.ts";
import { shortenWaits } from "./shorten-waits.ts";
import type { Frame } from "./session.ts";
import { createTerminalScreen } from "./terminal-screen.ts";

const frame = (atMs: number, rows: readonly string[], isRunning = false): Frame => ({
  atMs,
  rows,
  isRunning,
});

describe("a terminal screen", () => {
  test("replaces a row after a carriage return and clears to its end", () => {
    const screen = createTerminalScreen();
    screen.write("$ ls\r\n 1/12 pages\r 2/12\u001b[K\u001b[1G 3");
    expect(screen.rows()).toEqual(["$ ls", " 3/12"]);
  });

  test("ignores sequences that do not change the text", () => {
    const screen = createTerminalScreen();
    screen.write("\u001b[?25l\u001b7\u0007equal\u001b[?25h");
    expect(screen.rows()).toEqual(["equal"]);
  });

  test("reads a sequence that arrives in two writes", () => {
    const screen = createTerminalScreen();
    for (const part of ["12 pages\u001b", "[", "1", "G13"]) screen.write(part);
    expect(screen.rows()).toEqual(["13 pages"]);
  });
});

describe("shortened waits", () => {
  test("plays a long run in 2.5 seconds and keeps its rows", () => {
    const frames = [
      frame(0, ["$ a"]),
      frame(100, ["$ a", "1"], true),
      frame(20_100, ["$ a", "1", "2"], true),
      frame(20_400, ["$ a", "1", "2", "$ b"]),
    ];
    expect(shortenWaits(frames).map(({ atMs }) => atMs)).toEqual([0, 100, 2600, 2900]);
    expect(shortenWaits(frames).map(({ rows }) => rows)).toEqual(frames.map(({ rows }) => rows));
  });

  test("leaves a short run as it was", () => {
    const frames = [frame(0, ["$ a"]), frame(100, ["1"], true), frame(900, ["2"], true)];
    expect(shortenWaits(frames)).toEqual(frames);
  });

  test("leaves out frames that are too short to see, but never the last one", () => {
    const ticks = Array.from({ length: 101 }, (_, at) => frame(at * 10, [String(at)], true));
    const shown = shortenWaits(ticks);
    expect(shown.length).toBeLessThan(20);
    expect(shown.at(-1)?.rows).toEqual(["100"]);
  });
});

describe("the rendered recording", () => {
  const frames = [frame(0, ["$ x"]), frame(500, ["$ x < y"]), frame(1_000, ["$ x < y", "50 %"], true)];
  const options = { description: "A & B", columns: 40 };

  test("draws an addition once, at its own column", () => {
    const svg = renderRecording(frames, options);
    expect(svg.match(/<text /g)).toHaveLength(3);
    expect(svg).toContain(">&lt; y</text>");
    expect(svg).toContain("<title>A &amp; B</title>");
  });

  test("takes a row away that is written over", () => {
    const svg = renderRecording([...frames, frame(1_500, ["$ x < y", "99 %"], true)], options);
    expect(svg).toMatch(/@keyframes k2\{0%\{opacity:0\}[\d.]+%\{opacity:1\}[\d.]+%\{opacity:0\}\}/);
    expect(svg).toContain("#p2{opacity:0}"); // without motion only the last text is shown
  });

  test("is the same for the same frames", () => {
    expect(renderRecording(frames, options)).toBe(renderRecording(frames, options));
  });
});
