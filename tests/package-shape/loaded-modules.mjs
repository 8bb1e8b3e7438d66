// Run by a Node of its own: imports one module and prints the URL of everything that was loaded for it.
import { registerHooks } from "node:module";

const loaded = [];
registerHooks({
  load(url, context, nextLoad) {
    loaded.push(url);
    return nextLoad(url, context);
  },
});
await import(process.argv[2]);
process.stdout.write(JSON.stringify(loaded));
