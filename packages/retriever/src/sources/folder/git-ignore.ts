import ignore, { type Ignore } from "ignore";

/** The rules of the `.gitignore` files in a folder and the folders above it. The nearest file decides. */
export interface GitIgnore {
  /**
   * Returns the rules inside a folder that is not ignored. `content` is the text of the folder's own
   * `.gitignore`, if it has one. All paths are relative to the listed folder.
   */
  inside(folder: string, content: string | undefined): GitIgnore;
  /** Returns true if git would ignore this entry of the rules' folder. */
  ignores(path: string, isFolder: boolean): boolean;
}

interface Rules {
  /** The length of the prefix that makes a path relative to the rules' own folder. */
  readonly offset: number;
  readonly ignore: Ignore;
}

/** Creates a set of rules. @default no rules */
export function createGitIgnore(rules: readonly Rules[] = []): GitIgnore {
  return {
    inside(folder, content) {
      const outer = rules.map((each) => agreeing(each, folder));
      if (content === undefined) return createGitIgnore(outer);
      const offset = folder === "" ? 0 : folder.length + 1;
      return createGitIgnore([...outer, { offset, ignore: withoutRules().add(content) }]);
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

/**
 * Adds an exception for the folder to the rules if they ignore it. The library `ignore` also checks the
 * folders above a path, and only by these rules. If a nearer file re-includes such a folder, its content
 * would otherwise stay ignored.
 */
function agreeing({ offset, ignore }: Rules, folder: string): Rules {
  const path = `${folder.slice(offset)}/`;
  if (!ignore.test(path).ignored) return { offset, ignore };
  const exception = `!/${path.replaceAll(/[\\*?[\]]/g, String.raw`\$&`)}`;
  // `add` cuts a text into lines but not an array, and a folder's name may contain a line break.
  return { offset, ignore: withoutRules().add(ignore).add([exception]) };
}

/**
 * Creates an empty rule set that is case-sensitive like git on Linux, so that a listing does not depend on
 * the machine.
 */
function withoutRules(): Ignore {
  return ignore({ ignorecase: false });
}
