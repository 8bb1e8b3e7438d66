import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

/** Lists at the end, by name, what was skipped: a suite whose server is missing says so in its title. */
export class SkippedTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const titles = modules.flatMap((module) => skippedIn(module));
    if (titles.length > 0) process.stdout.write(`\nSkipped:\n${titles.join("\n")}\n`);
  }
}

/** One line for a suite that is skipped as a whole, else one for each skipped test outside such suites. */
function skippedIn(module: TestModule): readonly string[] {
  const file = relative(process.cwd(), module.moduleId);
  const lines = new Map<string, number>();
  for (const test of module.children.allTests("skipped")) {
    // With `-t` or `.only` it is the caller who left the test out.
    if (test.options.mode !== "skip") continue;
    const title = test.parent.type === "suite" ? outermost(test.parent.fullName) : test.name;
    lines.set(title, (lines.get(title) ?? 0) + 1);
  }
  return Array.from(lines, ([title, tests]) => `  ${file}: ${title} [${tests} skipped]`);
}

const outermost = (fullName: string): string => fullName.split(" > ")[0] ?? fullName;
