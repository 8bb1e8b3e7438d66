import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, matchesGlob, resolve } from "node:path";

/** The container as the last stage of a Dockerfile defines it. */
export interface BuiltImage {
  /** The folder that stands for the root of the file system. */
  readonly root: string;
  readonly workdir: string;
  readonly user: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

interface Stage {
  readonly root: string;
  workdir: string;
  user: string | undefined;
  readonly environment: Record<string, string>;
  entrypoint: readonly string[];
  command: readonly string[];
}

/**
 * Carries out the instructions of a Dockerfile in folders, without Docker: `COPY` copies, `RUN npm …` runs here.
 * Other commands of `RUN` change the base image and are left out. It shows that the files and steps suffice.
 */
export function buildWithoutDocker(dockerfile: string, context: string, folder: string): BuiltImage {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const line of readFileSync(dockerfile, "utf8").split("\n")) {
    const [, name = "", rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === "" || name === "ARG") continue;
    if (name === "FROM") {
      const [, alias = "final"] = /\sAS\s+(\S+)$/.exec(rest) ?? [];
      stage = {
        root: join(folder, alias),
        workdir: "/",
        user: undefined,
        environment: {},
        entrypoint: [],
        command: [],
      };
      mkdirSync(stage.root, { recursive: true });
      stages.set(alias, stage);
    } else if (stage === undefined) throw new Error(`${name} stands before FROM`);
    else carryOut(stage, name, rest, { stages, context, ignore: `${dockerfile}.dockerignore` });
  }
  if (stage === undefined) throw new Error(`${dockerfile} has no FROM`);
  return stage;
}

interface Surroundings {
  readonly stages: ReadonlyMap<string, Stage>;
  readonly context: string;
  readonly ignore: string;
}

function carryOut(stage: Stage, name: string, rest: string, around: Surroundings): void {
  const here = join(stage.root, stage.workdir);
  if (name === "WORKDIR") mkdirSync(join(stage.root, (stage.workdir = rest)), { recursive: true });
  else if (name === "USER") stage.user = rest;
  else if (name === "ENTRYPOINT") stage.entrypoint = exec(rest);
  else if (name === "CMD") stage.command = exec(rest);
  else if (name === "ENV") Object.assign(stage.environment, Object.fromEntries([rest.split("=")]));
  else if (name === "COPY") copy(stage, rest, around);
  else if (name === "RUN" && rest.startsWith("npm "))
    execFileSync("sh", ["-c", rest], { cwd: here, stdio: ["ignore", "ignore", "inherit"] });
  else if (name !== "RUN" && name !== "EXPOSE") throw new Error(`${name} is not known here`);
}

const exec = (json: string): readonly string[] => {
  const words: unknown = JSON.parse(json);
  if (!Array.isArray(words)) throw new Error(`${json} is not a list`);
  return words.map(String);
};

function copy(stage: Stage, rest: string, { stages, context, ignore }: Surroundings): void {
  const [, from, source = "", target = ""] = /^(?:--from=(\S+)\s+)?(\S+)\s+(\S+)$/.exec(rest) ?? [];
  const to = resolve(join(stage.root, stage.workdir), target);
  if (from === undefined) {
    for (const path of filesOf(context, ignore)) copyFile(join(context, path), join(to, path));
    return;
  }
  const origin = stages.get(from);
  if (origin === undefined) throw new Error(`there is no stage ${from}`);
  const path = join(origin.root, source);
  if (!existsSync(path)) throw new Error(`COPY --from=${from} ${source}: there is no such file`);
  const inside = target.endsWith("/") ? join(to, source.slice(source.lastIndexOf("/") + 1)) : to;
  cpSync(path, inside, { recursive: true, verbatimSymlinks: true });
}

function copyFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

/** The files of the context that the ignore file leaves. The last pattern that matches decides. */
function filesOf(context: string, ignore: string): readonly string[] {
  const rules = readFileSync(ignore, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ keeps: line.startsWith("!"), pattern: line.replace(/^!/, "") }))
    .map(({ keeps, pattern }) => ({
      keeps,
      matches: (path: string) =>
        pattern === "**" || matchesGlob(path, pattern) || matchesGlob(path, `${pattern}/**`),
    }));
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
    cwd: context,
    encoding: "utf8",
  });
  return listed
    .split("\n")
    .filter((path) => path !== "" && existsSync(join(context, path)))
    .filter((path) => rules.findLast(({ matches }) => matches(path))?.keeps ?? true);
}
