import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PageEvent, RendererEvent, type Application } from "typedoc";
import { repository } from "../pages.ts";
import { linkSources, renderSource } from "./source-links.ts";

/** TypeDoc plugin: gives the site a page for each source file that a reference page links to. */
export function load(app: Application): void {
  const linked = new Set<string>();
  app.renderer.on(PageEvent.END, (page) => {
    if (page.contents === undefined) return;
    const { contents, files } = linkSources(page.contents, page.url);
    page.contents = contents;
    for (const file of files) linked.add(file);
  });
  // Runs when all pages are written.
  app.renderer.on(RendererEvent.BEGIN, () => {
    app.renderer.postRenderAsyncJobs.push(({ outputDirectory }) => writeSources(outputDirectory, linked));
  });
}

async function writeSources(site: string, files: ReadonlySet<string>): Promise<void> {
  for (const file of files) {
    const target = join(site, "sources", `${file}.html`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, renderSource(file, readFileSync(join(repository, file), "utf8")));
  }
}
