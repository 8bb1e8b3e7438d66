import type { Options } from "tsup";

/**
 * Returns the build options that give all packages one zod. Core's build holds it as one file with English
 * messages alone; the other packages import it from there. Node takes about 100 ms to load zod's 100 files and
 * about 25 ms to load that one. The types still come from the package `zod`.
 */
export function sharedZod(packageName: string): Pick<Options, "noExternal" | "esbuildPlugins"> {
  return {
    noExternal: ["zod"],
    esbuildPlugins: [packageName === "@binnacle/core" ? englishOnly : importedFromCore],
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
