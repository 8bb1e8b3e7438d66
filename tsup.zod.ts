import { globSync, readFileSync } from "node:fs";
import type { Options } from "tsup";
import * as zod from "zod";

/**
 * Returns the build options that give all packages one zod. Core's build holds it as one file, with English
 * messages alone and without the functions that no package calls. The other packages import it from there. Node
 * takes about 100 ms to load zod's 100 files and about 10 ms to load that one. The types still come from the
 * package `zod`.
 */
export function sharedZod(packageName: string): Pick<Options, "noExternal" | "esbuildPlugins"> {
  return {
    noExternal: ["zod"],
    esbuildPlugins: packageName === "@binnacle/core" ? [englishOnly, calledPartsAlone] : [importedFromCore],
  };
}

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

const importedFromCore: Plugin = {
  name: "zod from core",
  setup(build) {
    build.onResolve({ filter: /^zod$/ }, () => ({ path: "@binnacle/core/zod", external: true }));
  },
};

const englishOnly: Plugin = {
  name: "zod in English",
  setup(build) {
    build.onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
  },
};

/** `z` is a namespace of all of zod, which a bundler cannot shake. This one holds only the members in use. */
const calledPartsAlone: Plugin = {
  name: "zod without what is not called",
  setup(build) {
    const namespace = "zod-parts";
    build.onResolve({ filter: /^zod(?::members)?$/ }, ({ path, namespace: from }) =>
      from === namespace && path === "zod" ? undefined : { path, namespace },
    );
    build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      resolveDir: process.cwd(),
      contents:
        path === "zod"
          ? 'import { config, locales } from "zod"; config(locales.en()); export * as z from "zod:members";'
          : `export { ${calledMembers().join(", ")} } from "zod";`,
    }));
  },
};

/**
 * The members of `z` that the sources of all packages name, which is why turbo.json lists these sources for core's
 * build. `z.core` is left out: it is everything, and only its types are used.
 */
function calledMembers(): readonly string[] {
  const files = globSync("../*/src/**/*.ts", { exclude: (name) => name.endsWith(".test.ts") });
  const named = files.flatMap((file) =>
    Array.from(readFileSync(file, "utf8").matchAll(/\bz\s*\.(\w+)/g), ([, member = ""]) => member),
  );
  return [...new Set(named)].filter((member) => member !== "core" && Object.hasOwn(zod, member)).sort();
}
