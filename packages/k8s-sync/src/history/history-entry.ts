/** One state of an object that was replaced or began. All lines come from redacted documents. */
export interface HistoryEntry {
  /** Epoch milliseconds at which the change was seen. */
  readonly at: number;
  readonly change: "created" | "changed" | "deleted";
  /** Resource version of the new state. Empty for a deletion. */
  readonly resourceVersion: string;
  /** Lines that are gone, each after `- `, and new lines, each after `+ `. */
  readonly lines: readonly string[];
}

const heading = /^(\S+) (created|changed|deleted)(?: at resource version (\S+))?$/;

/** Writes the entries of an object as Markdown, newest first. */
export function formatHistory(title: string, entries: readonly HistoryEntry[]): string {
  const sections = entries.map(({ at, change, resourceVersion, lines }) => {
    const version = resourceVersion === "" ? "" : ` at resource version ${resourceVersion}`;
    return [`## ${new Date(at).toISOString()} ${change}${version}`, ...lines].join("\n\n");
  });
  return `${[`# History of ${title}`, ...sections].join("\n\n")}\n`;
}

/** Reads the entries of a text that `formatHistory` wrote. Sections of another form are left out. */
export function parseHistory(text: string): readonly HistoryEntry[] {
  const [, ...sections] = text.split(/^## /m);
  return sections.flatMap((section) => {
    const [first = "", ...rest] = section.split("\n").filter((line) => line.trim() !== "");
    const [, time = "", change, resourceVersion = ""] = heading.exec(first) ?? [];
    const at = Date.parse(time);
    if (Number.isNaN(at) || (change !== "created" && change !== "changed" && change !== "deleted")) return [];
    return [{ at, change, resourceVersion, lines: rest.filter((line) => /^[-+] /.test(line)) }];
  });
}
