import type { Row } from "../report.ts";

/** The part of a row that all rows of the suite share. */
export type ServerBase = Pick<Row, "suite" | "seed" | "versions"> & { readonly load: number };
