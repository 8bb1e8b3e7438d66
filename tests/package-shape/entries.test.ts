import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { repository } from "./workspace.ts";

const manifest = z.object({
  exports: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])),
});

test.each(globSync("packages/*/package.json", { cwd: repository }))(
  "builds each entry of %s where its source stands",
  (path) => {
    const { exports } = manifest.parse(JSON.parse(readFileSync(repository + path, "utf8")));
    for (const target of Object.values(exports)) {
      if (typeof target === "string") continue;
      const built = target["@binnacle/source"]?.replace("./src/", "./dist/").replace(/\.ts$/, "");
      expect(target).toMatchObject({ types: `${built}.d.ts`, default: `${built}.js` });
    }
  },
);
