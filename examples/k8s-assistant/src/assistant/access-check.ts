import type { CallOptions } from "@binnacle/core";
import type { ClusterReader } from "@binnacle/k8s-sync";
import type { ObjectRow } from "./object-row.ts";

/** Leaves out objects that the asker may not get. */
export interface AccessCheck {
  /** Returns the rows that the asker may see. Asks the API server once for each row, so pass few of them. */
  allowed(rows: readonly ObjectRow[]): Promise<readonly ObjectRow[]>;
  /** Number of objects that were left out. */
  readonly withheld: number;
}

/** Creates a check. Without a reader it lets every object pass. */
export function createAccessCheck(
  reader: (() => Promise<ClusterReader>) | undefined,
  call: CallOptions,
): AccessCheck {
  let withheld = 0;
  return {
    allowed: async (rows) => {
      if (reader === undefined) return rows;
      const names = rows.map(({ group, kind, namespace = "", name }) => ({ group, kind, namespace, name }));
      const may = await (await reader()).mayRead(names, call);
      const allowed = rows.filter((_, position) => may[position] === true);
      withheld += rows.length - allowed.length;
      return allowed;
    },
    get withheld() {
      return withheld;
    },
  };
}
