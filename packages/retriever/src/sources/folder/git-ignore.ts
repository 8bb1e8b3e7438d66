import ignore, { type Ignore } from "ignore";

/** What the `.gitignore` files of a folder and those above it say, the nearest first. */
export interface GitIgnore {
  /**
   * The rules inside a folder that is not ignored: these, and those of its own file if it has one. The folder's path, as
   * every other, is relative to the folder that is listed.
   */
  inside(folder: string, content: string | undefined): GitIgnore;
  /** Whether git would ignore an entry of the folder that the rules are of. */
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
 * The rules, knowing that the folder is not ignored. `ignore` asks about the folders above a path again, and by these
 * rules alone; where a nearer file took such a folder back, everything in it would stay ignored.
 */
function agreeing({ offset, ignore }: Rules, folder: string): Rules {
  const path = `${folder.slice(offset)}/`;
  if (!ignore.test(path).ignored) return { offset, ignore };
  const exception = `!/${path.replaceAll(/[\\*?[\]]/g, String.raw`\$&`)}`;
  // In an array, because a text is cut into lines, and a folder's name may hold a line break.
  return { offset, ignore: withoutRules().add(ignore).add([exception]) };
}

/** As git on Linux: a listing must not depend on the machine. */
function withoutRules(): Ignore {
  return ignore({ ignorecase: false });
}
