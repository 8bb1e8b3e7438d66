import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

/** Lists the skipped tests at the end. A suite without its server gives the reason in its title. */
export class SkippedTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const titles = modules.flatMap((module) => skippedIn(module));
    if (titles.length > 0) process.stdout.write(`\nSkipped:\n${titles.join("\n")}\n`);
  }
}

/** Returns one line for a suite that is skipped as a whole, else one for each skipped test. */
function skippedIn(module: TestModule): readonly string[] {
  const file = relative(process.cwd(), module.moduleId);
  const lines = new Map<string, number>();
  for (const test of module.children.allTests("skipped")) {
    // With `-t` or `.only` the caller left the test out.
    if (test.options.mode !== "skip") continue;
    const title = test.parent.type === "suite" ? outermost(test.parent.fullName) : test.name;
    lines.set(title, (lines.get(title) ?? 0) + 1);
  }
  return Array.from(lines, ([title, tests]) => `  ${file}: ${title} [${tests} skipped]`);
}

const outermost = (fullName: string): string => fullName.split(" > ")[0] ?? fullName;
