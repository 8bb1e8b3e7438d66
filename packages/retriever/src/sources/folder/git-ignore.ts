import ignore, { type Ignore } from "ignore";

/** The rules of the `.gitignore` files above a path, the nearest last. */
export interface GitIgnore {
  /** These rules and those of a file in the folder; paths are relative to the folder that is listed. */
  with(folder: string, content: string): GitIgnore;
  /** Whether git would ignore it, provided that it does not ignore a folder above it. */
  ignores(path: string, isFolder: boolean): boolean;
}

interface Rules {
  /** Where paths begin to be relative to the rules' own folder. */
  readonly offset: number;
  readonly ignore: Ignore;
}

/** No rules. */
export function createGitIgnore(rules: readonly Rules[] = []): GitIgnore {
  return {
    with(folder, content) {
      const offset = folder === "" ? 0 : folder.length + 1;
      // As git on Linux: a listing must not depend on the machine.
      return createGitIgnore([...rules, { offset, ignore: ignore({ ignorecase: false }).add(content) }]);
    },
    ignores(path, isFolder) {
      for (const { offset, ignore } of rules.toReversed()) {
        const { ignored, unignored } = ignore.test(`${path.slice(offset)}${isFolder ? "/" : ""}`);
        if (ignored || unignored) return ignored;
      }
      return false;
    },
  };
}
