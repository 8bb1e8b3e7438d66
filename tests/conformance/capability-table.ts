/** Collects the cells of a table of servers and capabilities. */
export class CapabilityTable {
  readonly #cells = new Map<string, Map<string, string>>();

  /** Sets one cell. */
  set(server: string, capability: string, text: string): void {
    const column = this.#cells.get(server) ?? new Map<string, string>();
    this.#cells.set(server, column.set(capability, text));
  }

  /** Returns the table as Markdown, with a row for each capability. A cell that was never set holds `?`. */
  markdown(capabilities: readonly string[]): string {
    const servers = [...this.#cells.keys()];
    const rows = capabilities.map((capability) => [
      capability,
      ...servers.map((server) => this.#cells.get(server)?.get(capability) ?? "?"),
    ]);
    const header = ["capability", ...servers];
    const widths = header.map((title, column) =>
      Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
    );
    const line = (cells: readonly string[]): string =>
      `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
    return [header, widths.map((width) => "-".repeat(width)), ...rows].map(line).join("\n");
  }
}
