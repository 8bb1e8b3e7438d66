import { Float32Json } from "../wire/float32-json.ts";
import type { LegSearch } from "./search-request.ts";

/** Returns the body of `points/query/batch`. Vectors are written apart, because `JSON.stringify` takes longer
 * for a vector than the rest of a search takes. */
export function searchBody(searches: readonly LegSearch[]): Uint8Array<ArrayBuffer> {
  const numbers = new Float32Json();
  const pieces = searches.flatMap((search, i) => [i > 0 ? "," : "", ...searchJson(search, numbers)]);
  const all = ['{"searches":[', ...pieces, "]}"];
  return Buffer.concat(all.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece)));
}

function searchJson(search: LegSearch, numbers: Float32Json): readonly (string | Buffer)[] {
  const { query, ...rest } = search;
  if (!(query instanceof Float32Array)) return [JSON.stringify(search)];
  return ['{"query":', numbers.write(query), ",", JSON.stringify(rest).slice(1)];
}
