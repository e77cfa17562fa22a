/** A line of text on the screen, in pixels. */
export interface TextBox {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Boxes of letters hold the room above and below them: this part of it, on either side, may be shared. */
const ROOM = 0.17;

/** Which texts stand on each other, a sentence a pair. */
export function boxesThatIntersect(boxes: readonly TextBox[]): string[] {
  const inner = boxes.map(lettersOf).sort((a, b) => a.top - b.top);
  return inner.flatMap((box, at) => {
    const found: string[] = [];
    for (let next = at + 1; next < inner.length && inner[next]!.top < box.bottom; next++) {
      const other = inner[next]!;
      if (box.left < other.right - 1 && other.left < box.right - 1) found.push(`texts intersect: ${box.text} | ${other.text}`);
    }
    return found;
  });
}

/** Without the room across the direction of writing. */
function lettersOf(box: TextBox): TextBox {
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  if (height > width && box.text.length > 1) return { ...box, left: box.left + width * ROOM, right: box.right - width * ROOM };
  return { ...box, top: box.top + height * ROOM, bottom: box.bottom - height * ROOM };
}
