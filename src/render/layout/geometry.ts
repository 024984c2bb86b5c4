/** In pixels at full size. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** In pixels from the upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The way of an edge. */
export interface Line {
  readonly from: number;
  readonly to: number;
  readonly points: readonly Point[];
}

/** Where everything stands. */
export interface Layout extends Size {
  /** Centres, by place. */
  readonly centres: readonly Point[];
  readonly lines: readonly Line[];
}

export function moved({ x, y }: Point, by: Point): Point {
  return { x: x + by.x, y: y + by.y };
}
