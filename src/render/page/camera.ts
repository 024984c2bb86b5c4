import type { PageDocument, PageElement } from './dom.js';
import type { Camera } from './part.js';

/** Moves and scales the drawing by its `viewBox`: by buttons, the wheel, and dragging. */
export function camera(document: PageDocument, svg: PageElement): Camera {
  const [left = 0, top = 0, wide = 1, high = 1] = (svg.getAttribute('viewBox') ?? '').split(' ').map(Number);
  let view = { x: left, y: top, width: wide, height: high };
  let drag: { readonly x: number; readonly y: number } | undefined;
  let travelled = 0;
  const apply = () => svg.setAttribute('viewBox', `${view.x} ${view.y} ${view.width} ${view.height}`);
  const place = (x: number, y: number, width: number) => {
    const height = (width * Math.max(1, svg.clientHeight)) / Math.max(1, svg.clientWidth);
    view = { x: x - width / 2, y: y - height / 2, width, height };
    apply();
  };
  const ratio = () => Math.max(1, svg.clientWidth) / Math.max(1, svg.clientHeight);
  const whole = () => Math.max(wide, high * ratio());
  const fit = () => place(left + wide / 2, top + high / 2, Math.max(whole(), svg.clientWidth / 1.15));
  /** Keeps what lies under a point, given as a part of the view, where it is. */
  const zoomAt = (factor: number, partX: number, partY: number) => {
    const width = Math.min(Math.max(view.width * factor, 160), Math.max(whole() * 1.5, svg.clientWidth));
    const by = width / view.width;
    const x = view.x + view.width * (partX + (0.5 - partX) * by);
    const y = view.y + view.height * (partY + (0.5 - partY) * by);
    place(x, y, width);
  };
  svg.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const { left: edge, top: upper, width, height } = svg.getBoundingClientRect();
      zoomAt(event.deltaY > 0 ? 1.2 : 1 / 1.2, (event.clientX - edge) / width, (event.clientY - upper) / height);
    },
    { passive: false },
  );
  svg.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    drag = { x: event.clientX, y: event.clientY };
    travelled = 0;
  });
  svg.addEventListener('pointermove', (event) => {
    if (drag === undefined) return;
    const scale = view.width / Math.max(1, svg.clientWidth);
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    travelled += Math.abs(dx) + Math.abs(dy);
    if (travelled > 4) svg.setPointerCapture(event.pointerId);
    drag = { x: event.clientX, y: event.clientY };
    view = { ...view, x: view.x - dx * scale, y: view.y - dy * scale };
    apply();
  });
  const release = () => {
    drag = undefined;
  };
  svg.addEventListener('pointerup', release);
  svg.addEventListener('pointercancel', release);
  document.defaultView?.addEventListener('beforeprint', fit);
  return {
    fit,
    zoom: (factor) => zoomAt(factor, 0.5, 0.5),
    show: (box) => {
      const [x = 0, y = 0] = (box.getAttribute('transform') ?? '').match(/-?[\d.]+/g)?.map(Number) ?? [];
      const isReadable = svg.clientWidth / view.width >= 0.6;
      const isInside =
        Math.abs(x - view.x - view.width / 2) < view.width * 0.4 &&
        Math.abs(y - view.y - view.height / 2) < view.height * 0.4;
      if (!isReadable || !isInside) place(x, y, isReadable ? view.width : svg.clientWidth / 0.85);
    },
    wasMoved: () => travelled > 4,
  };
}
