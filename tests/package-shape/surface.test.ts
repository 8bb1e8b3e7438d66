import { readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";
import { readPackages, repository } from "./workspace.ts";

const entries = readPackages().flatMap((one) => one.entries);

/** Returns the names that an index exports in alphabetical order, with types marked. */
function exportedNames(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(repository + file, "utf8"), ts.ScriptTarget.Latest);
  const names: string[] = [];
  for (const statement of source.statements) {
    if (!ts.isExportDeclaration(statement)) continue;
    if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) {
      throw new Error(`${file}: name every export; export * grows unseen`);
    }
    for (const { name, isTypeOnly } of statement.exportClause.elements) {
      names.push(isTypeOnly || statement.isTypeOnly ? `type ${name.text}` : name.text);
    }
  }
  return names.sort();
}

// An exported name is a promise. If you change one of these lists on purpose, run `npx vitest run --project
// unit tests/package-shape/surface.test.ts --update` and review the diff.
test.each(entries)("exports the reviewed names from $name", async ({ name, source }) => {
  const file = `surface/${name.replace("@binnacle/", "").replaceAll("/", ".")}.txt`;
  await expect(exportedNames(source).join("\n") + "\n").toMatchFileSnapshot(file);
});

test.each(entries)(
  "exports the values of its index, and no default, from $name",
  async ({ name, source }) => {
    const exported: Record<string, unknown> = await import(name);
    const values = exportedNames(source).filter((one) => !one.startsWith("type "));
    expect(Object.keys(exported).sort()).toEqual(values);
    expect(values).not.toContain("default");
  },
);
