import type { Point, Size } from './geometry.js';

/** Between what stands side by side, in pixels. */
const GAP = 28;
/** Width to height of a window. */
const ASPECT = 1.7;

/** Puts rectangles side by side in rows, in their order, so that the whole has about the shape of a window. */
export function onShelves(sizes: readonly Size[]): { readonly corners: readonly Point[]; readonly whole: Size } {
  const area = sizes.reduce((sum, { width, height }) => sum + (width + GAP) * (height + GAP), 0);
  const widest = sizes.reduce((most, { width }) => Math.max(most, width), 0);
  const limit = Math.max(widest, Math.sqrt(area * ASPECT));
  let [x, y, shelf, right] = [0, 0, 0, 0];
  const corners = sizes.map(({ width, height }) => {
    if (x > 0 && x + width > limit) {
      y += shelf + GAP;
      [x, shelf] = [0, 0];
    }
    const corner = { x, y };
    x += width + GAP;
    right = Math.max(right, corner.x + width);
    shelf = Math.max(shelf, height);
    return corner;
  });
  return { corners, whole: { width: right, height: y + shelf } };
}
