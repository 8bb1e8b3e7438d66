import type { Metadata } from "@binnacle/core";
import type { OrderPlan, ScanPlace } from "@binnacle/core/stores";

/** Returns the first `limit` places above `after`, in order, and holds no more than these. */
export function orderedPage(
  points: Iterable<{ readonly id: string; readonly metadata: Metadata }>,
  { placeOf, compare }: OrderPlan,
  { after, limit }: { readonly after: ScanPlace | undefined; readonly limit: number },
): readonly ScanPlace[] {
  const page: ScanPlace[] = [];
  for (const point of points) {
    const place = placeOf(point);
    if (after && compare(place, after) <= 0) continue;
    const last = page.at(-1);
    if (page.length === limit && last && compare(place, last) > 0) continue;
    page.splice(insertionPoint(page, place, compare), 0, place);
    if (page.length > limit) page.pop();
  }
  return page;
}

function insertionPoint(page: readonly ScanPlace[], place: ScanPlace, compare: OrderPlan["compare"]): number {
  let [low, high] = [0, page.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = page[middle];
    if (at && compare(at, place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
