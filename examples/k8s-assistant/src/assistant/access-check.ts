import type { CallOptions } from "@binnacle/core";
import type { ClusterReader } from "@binnacle/k8s-sync";
import type { ObjectRow } from "./object-row.ts";

/** Leaves out objects that the asker may not get. */
export interface AccessCheck {
  /**
   * Returns the rows that the asker may see. Asks the API server once for each row, for at most 500 rows of one
   * question. Leaves out rows that it did not check.
   */
  allowed(rows: readonly ObjectRow[]): Promise<readonly ObjectRow[]>;
  /** Number of objects that were left out because the asker may not get them. */
  readonly withheld: number;
  /** Number of objects that were left out unchecked. */
  readonly unchecked: number;
}

// Each checked row is a request to the API server.
const mostChecked = 500;

/** Creates a check. Without a reader it lets every object pass. */
export function createAccessCheck(
  reader: (() => Promise<Pick<ClusterReader, "mayRead">>) | undefined,
  call: CallOptions,
): AccessCheck {
  let withheld = 0;
  let unchecked = 0;
  let left = mostChecked;
  return {
    allowed: async (rows) => {
      if (reader === undefined) return rows;
      const checked = rows.slice(0, left);
      left -= checked.length;
      unchecked += rows.length - checked.length;
      const names = checked.map(({ group, kind, namespace = "", name }) => ({
        group,
        kind,
        namespace,
        name,
      }));
      const may = await (await reader()).mayRead(names, call);
      const allowed = checked.filter((_, position) => may[position] === true);
      withheld += checked.length - allowed.length;
      return allowed;
    },
    get withheld() {
      return withheld;
    },
    get unchecked() {
      return unchecked;
    },
  };
}
