/** A rectangle on the plane, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const GAP = 8;
const STEPS = 40;

/** Finds a place for one name after the other, beside its point where nothing is, and further away where something is. */
export class LabelPlaces {
  readonly #bounds: Box;
  readonly #taken: Box[] = [];

  /** @param bounds that names stay in where they fit @param taken what they keep off */
  constructor(bounds: Box, taken: readonly Box[]) {
    this.#bounds = bounds;
    this.#taken.push(...taken);
  }

  /** Takes the place. @returns undefined where all is taken */
  place(x: number, y: number, size: Pick<Box, "width" | "height">): Box | undefined {
    for (let step = 0; step < STEPS; step++) {
      for (const [dx, dy] of around(size, step)) {
        const box = { x: x + dx, y: y + dy, ...size };
        if (!this.#holds(box) || this.#taken.some((other) => intersect(box, other))) continue;
        this.#taken.push(box);
        return box;
      }
    }
    return undefined;
  }

  #holds({ x, y, width, height }: Box): boolean {
    const { x: left, y: top, width: planeWidth, height: planeHeight } = this.#bounds;
    return x >= left && y >= top && x + width <= left + planeWidth && y + height <= top + planeHeight;
  }
}

/** Upper left corners: right of the point, left of it, above, below; with each step further up and down. */
function around({ width, height }: Pick<Box, "width" | "height">, step: number): [number, number][] {
  const away = (step * height) / 2;
  const sides = [GAP, -GAP - width, -width / 2];
  const rows = step === 0 ? [-height / 2] : [-height / 2 - away, -height / 2 + away];
  return rows.flatMap((y) => (step < 3 ? sides.slice(0, 2) : sides).map((x): [number, number] => [x, y]));
}

function intersect(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
