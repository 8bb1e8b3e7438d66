import type { Command } from "commander";
import { glob, path, place } from "../argument-values.ts";
import { withCommonOptions } from "./common-options.ts";
import type { GivenOptions, RunCommand } from "./run-command.ts";

interface IngestFlags extends GivenOptions {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly plan: boolean;
  readonly watch: boolean;
  readonly allowMassDelete: boolean;
}

/** Adds the commands that change the index or compare it with its sources. */
export function addIndexing(program: Command, run: RunCommand): void {
  addIngest(program, run);
  withCommonOptions(
    program
      .command("forget")
      .argument("<dir|file|url>", "indexed folder, file or page, which need not exist any more", place),
  )
    .description("remove a folder, file or page from the index")
    .action((given: string, options: GivenOptions) =>
      run({ ...options, place: given }, async (...args) =>
        (await import("../commands/forget.ts")).forget(...args),
      ),
    );
  withCommonOptions(program.command("verify"))
    .description("compare the index with its folders")
    .action((options: GivenOptions) =>
      run(options, async (...args) => (await import("../commands/verify.ts")).verify(...args)),
    );
  withCommonOptions(program.command("export").argument("<document-id>"))
    .description("print the text that a document's offsets refer to")
    .option("--folder <dir>", "folder of the document, if several have a document of that name", path)
    .action((documentId: string, options: GivenOptions & { folder?: string }) =>
      run({ ...options, documentId }, async (...args) =>
        (await import("../commands/export-document.ts")).exportDocument(...args),
      ),
    );
}

function addIngest(program: Command, run: RunCommand): void {
  withCommonOptions(
    program.command("ingest").argument("<dir|file|url>", "folder, file or address of a page to index", place),
  )
    .description("update the index from a folder, a file or a page")
    .option("--include <glob>", 'only these files of the folder, such as "guides/**"; repeatable', glob)
    .option("--exclude <glob>", "leave out these files and folders; repeatable", glob)
    .option("--plan", "only report what would change", false)
    .option("--watch", "then apply every change, until Ctrl-C", false)
    .option("--allow-mass-delete", "allow removing more than half of a folder's documents", false)
    .action((given: string, options: IngestFlags) =>
      run({ ...options, place: given }, async (...args) =>
        (await import("../commands/ingest.ts")).ingest(...args),
      ),
    );
}
