import type { Shape } from './state-style.js';

/** The outline of a box around the origin, as SVG path data. */
export function outline(shape: Shape, width: number, height: number): string {
  const [x, y] = [width / 2, height / 2];
  const corner = Math.min(12, height / 3);
  switch (shape) {
    case 'rounded':
      return roundedPath(x, y, Math.min(9, y * 0.7));
    case 'pill':
      return roundedPath(x, y, y);
    case 'rectangle':
      return polygon([-x, -y, x, -y, x, y, -x, y]);
    case 'barred':
      return `${polygon([-x, -y, x, -y, x, y, -x, y])}M${-x + corner / 2} ${-y}V${y}M${x - corner / 2} ${-y}V${y}`;
    case 'octagon':
      return polygon(
        [-x, -y + corner, -x + corner, -y, x - corner, -y, x, -y + corner].concat([
          x,
          y - corner,
          x - corner,
          y,
          -x + corner,
          y,
          -x,
          y - corner,
        ]),
      );
    case 'hexagon':
      return polygon([-x, 0, -x + corner, -y, x - corner, -y, x, 0, x - corner, y, -x + corner, y]);
    case 'slanted':
      return polygon([-x + corner, -y, x, -y, x - corner, y, -x, y]);
    case 'notched':
      return polygon([-x, -y, x - corner, -y, x, -y + corner, x, y, -x, y]);
    case 'diamond':
      return polygon([0, -y, x, 0, 0, y, -x, 0]);
    case 'stack':
      return `M${-x + 4} ${-y}V${-y - 4}H${x + 4}V${y - 4}H${x}${polygon([-x, -y, x, -y, x, y, -x, y])}`;
  }
}

function polygon(numbers: readonly number[]): string {
  return `M${numbers.join(' ')}Z`;
}

function roundedPath(x: number, y: number, radius: number): string {
  const corner = (toX: number, toY: number): string => `A${radius} ${radius} 0 0 1 ${toX} ${toY}`;
  return (
    `M${-x + radius} ${-y}H${x - radius}${corner(x, -y + radius)}V${y - radius}${corner(x - radius, y)}` +
    `H${-x + radius}${corner(-x, y - radius)}V${-y + radius}${corner(-x + radius, -y)}Z`
  );
}
