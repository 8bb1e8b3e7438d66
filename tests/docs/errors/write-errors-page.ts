import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "../pages.ts";
import { errorsPage, renderErrorsPage } from "./errors-page.ts";

// `npm run errors` writes docs/errors.md.
await writeFile(join(repository, errorsPage), await renderErrorsPage());
