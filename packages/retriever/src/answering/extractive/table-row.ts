/** Returns the cells of a row, without their bars. */
export function cellsOf(row: string): readonly string[] {
  const inside = row
    .trim()
    .replace(/^\|/u, "")
    .replace(/(?<!\\)\|$/u, "");
  return inside.split(/(?<!\\)\|/u).map((cell) => cell.replaceAll("\\|", "|").replace(/\s+/gu, " ").trim());
}

/** Writes a row as a reader would say it: each cell after the name of its column. */
export function rowWithHeader(row: string, header: string | undefined): string {
  const cells = cellsOf(row);
  const names = header === undefined ? [] : cellsOf(header);
  return cells
    .flatMap((cell, column) => {
      if (cell === "") return [];
      const name = names[column] ?? "";
      return [name === "" || name === cell ? cell : `${name}: ${cell}`];
    })
    .join(", ");
}
