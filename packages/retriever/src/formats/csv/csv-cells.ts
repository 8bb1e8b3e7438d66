/** Returns the cells of one row, without their quotes. A quote inside a cell is doubled in the row. */
export function csvCells(row: string, delimiter: string): readonly string[] {
  const cells: string[] = [];
  for (let start = 0; start <= row.length;) {
    const quoted = quotedCell(row, start, delimiter);
    const end = quoted?.end ?? endOf(row, start, delimiter);
    cells.push(quoted?.cell ?? row.slice(start, end));
    start = end + 1;
  }
  return cells;
}

function endOf(row: string, start: number, delimiter: string): number {
  const end = row.indexOf(delimiter, start);
  return end === -1 ? row.length : end;
}

/** Reads a cell in quotes. Undefined if the cell has no quotes, or if its quote is never closed. */
function quotedCell(
  row: string,
  start: number,
  delimiter: string,
): { readonly cell: string; readonly end: number } | undefined {
  // A tab may be the delimiter, so it is not a blank before or after the quotes.
  const pattern = /[^\S\t\r\n]*"((?:[^"]|"")*)"[^\S\t]*/uy;
  pattern.lastIndex = start;
  const [whole, inside = ""] = pattern.exec(row) ?? [];
  if (whole === undefined) return undefined;
  const end = start + whole.length;
  if (end < row.length && row.charAt(end) !== delimiter) return undefined;
  return { cell: inside.replaceAll('""', '"'), end };
}
