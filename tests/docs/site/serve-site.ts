import { join } from "node:path";
import { repository } from "../pages.ts";
import { createSiteServer } from "./site-server.ts";

// `npm run docs` builds the reference site and serves it until Ctrl-C.
const port = Number(process.env["PORT"] ?? 8100);
createSiteServer(join(repository, "docs/api"))
  .listen(port, "127.0.0.1", () => console.log(`Serving the reference at http://127.0.0.1:${port}`))
  .once("error", (error) => {
    console.error(`${error.message}. Set PORT to a free port.`);
    process.exitCode = 1;
  });
