/** Returns the largest float32 below a number, or −Infinity if no finite one exists. */
export function float32Below(value: number): number {
  const rounded = Math.fround(value);
  if (rounded < value || !Number.isFinite(rounded)) return rounded;
  const view = new DataView(new ArrayBuffer(4));
  if (rounded === 0) view.setInt32(0, 0x80000001 | 0);
  else {
    view.setFloat32(0, rounded);
    view.setInt32(0, view.getInt32(0) + (rounded > 0 ? -1 : 1));
  }
  return view.getFloat32(0);
}
