/** The rows of a terminal, from the bytes that programs write to it. */
export interface TerminalScreen {
  write(text: string): void;
  /** The rows so far, without trailing spaces. */
  rows(): readonly string[];
}

/* oxlint-disable no-control-regex -- these are the control characters */
/** A sequence of the terminal, a character, or a control character without a meaning here. */
const token = /\u001b(?:\[([?\d;]*)([A-Za-z])|[^[])|[^]/gu;
const beginning = /\u001b(?:\[[?\d;]*)?$/;
const unused = /^[\0-\u001f]/;

/** Understands what progress bars use: carriage return, cursor column, and clearing of a line. */
export function createTerminalScreen(): TerminalScreen {
  const cells: string[][] = [[]];
  let column = 0;
  let held = "";
  const row = (): string[] => cells.at(-1) ?? [];
  const newRow = (): void => {
    cells.push([]);
    column = 0;
  };
  const control = (parameter: string, name: string): void => {
    if (name === "G") column = Math.max(0, Number(parameter || 1) - 1);
    if (name !== "K") return; // others, such as hiding the cursor, do not change the text
    if (parameter === "2") row().fill(" ");
    else row().splice(column);
  };
  const put = (character: string): void => {
    while (row().length < column) row().push(" ");
    row()[column++] = character;
  };
  return {
    write: (text) => {
      const given = held + text;
      held = beginning.exec(given)?.[0] ?? ""; // the rest of a sequence may come with the next write
      for (const [character, parameter = "", name] of given
        .slice(0, given.length - held.length)
        .matchAll(token)) {
        if (name !== undefined) control(parameter, name);
        else if (character === "\n") newRow();
        else if (character === "\r") column = 0;
        else if (!unused.test(character)) put(character);
      }
    },
    rows: () => cells.map((row) => row.join("").trimEnd()),
  };
}
