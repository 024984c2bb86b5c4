import type { PageElement } from './dom.js';
import type { Camera, Page } from './part.js';

/** Lets the keyboard move from box to box: Enter opens one, arrows go to the nearest one in their direction. */
export function walk(page: Page, camera: Camera, svg: PageElement): void {
  const boxes = [...page.document.querySelectorAll('#graph .box')].map((box) => {
    const [x = 0, y = 0] = (box.getAttribute('transform') ?? '').match(/-?[\d.]+/g)?.map(Number) ?? [];
    return { box, x, y };
  });
  const directions: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  svg.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const zoom = { '+': 1 / 1.3, '-': 1.3 }[event.key];
    if (zoom !== undefined) camera.zoom(zoom);
    else if (event.key === '0') camera.fit();
    const direction = directions[event.key];
    const focused = event.target?.closest('.box');
    const from = boxes.find(({ box }) => box === focused);
    if (direction === undefined || from === undefined) return;
    event.preventDefault();
    const [dx, dy] = direction;
    const candidates = boxes
      .map(({ box, x, y }) => {
        // A box is broad: what stands below it may stand well to the side.
        const [right, down] = [(x - from.x) / 230, (y - from.y) / 70];
        const along = right * dx + down * dy;
        return { box, along, far: along + Math.abs(right * dy) + Math.abs(down * dx) };
      })
      .filter(({ along }) => along > 0.05)
      .sort((one, other) => one.far - other.far);
    const nearest = candidates[0]?.box;
    if (nearest === undefined) return;
    nearest.focus({ preventScroll: true });
    camera.show(nearest);
  });
}
