/** Nobody draws it, whether the font has it or not. */
export const WORD_JOINER = "\u2060";

/** Reads from a TrueType file how wide its letters are. https://learn.microsoft.com/typography/opentype/spec/otff */
export class FontFile {
  readonly #view: DataView;
  readonly #unitsPerEm: number;
  readonly #glyphs: ReadonlyMap<number, number>;
  readonly #widths: number;
  readonly #widthCount: number;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#unitsPerEm = this.#view.getUint16(this.#table("head") + 18);
    this.#widthCount = this.#view.getUint16(this.#table("hhea") + 34);
    this.#widths = this.#table("hmtx");
    this.#glyphs = this.#characterMap();
  }

  has(letter: string): boolean {
    return this.#glyphs.has(letter.codePointAt(0) ?? 0);
  }

  /** In pixels, at this size in pixels. What the font lacks is as wide as its box for missing letters. */
  widthOf(text: string, size: number): number {
    let units = 0;
    for (const letter of text.replaceAll(WORD_JOINER, "")) {
      const glyph = this.#glyphs.get(letter.codePointAt(0) ?? 0) ?? 0;
      units += this.#view.getUint16(this.#widths + 4 * Math.min(glyph, this.#widthCount - 1));
    }
    return (units * size) / this.#unitsPerEm;
  }

  #table(name: string): number {
    const count = this.#view.getUint16(4);
    for (let at = 12; at < 12 + 16 * count; at += 16) if (this.#tag(at) === name) return this.#view.getUint32(at + 8);
    throw new Error(`Cannot read the font as it must have the table ${name}: it has not`);
  }

  #tag(at: number): string {
    return String.fromCharCode(...[0, 1, 2, 3].map((offset) => this.#view.getUint8(at + offset)));
  }

  /** Of the subtable for the Basic Multilingual Plane: platform 3, encoding 1, format 4. */
  #characterMap(): Map<number, number> {
    const view = this.#view;
    const cmap = this.#table("cmap");
    const count = view.getUint16(cmap + 2);
    for (let at = cmap + 4; at < cmap + 4 + 8 * count; at += 8) {
      const subtable = cmap + view.getUint32(at + 4);
      if (view.getUint16(at) === 3 && view.getUint16(at + 2) === 1 && view.getUint16(subtable) === 4) return this.#segments(subtable);
    }
    throw new Error("Cannot read the font as it must have a character map of format 4: it has not");
  }

  #segments(subtable: number): Map<number, number> {
    const view = this.#view;
    const glyphs = new Map<number, number>();
    const length = view.getUint16(subtable + 6); // twice the number of segments: the length of each of the four lists in bytes
    for (let at = 0; at < length; at += 2) {
      const [last, first, delta, offset] = [14, 16 + length, 16 + 2 * length, 16 + 3 * length].map((list) => subtable + list + at);
      for (let code = view.getUint16(first!); code <= view.getUint16(last!) && code < 0xffff; code++) {
        const range = view.getUint16(offset!);
        const found = range === 0 ? code : view.getUint16(offset! + range + 2 * (code - view.getUint16(first!)));
        if (found !== 0) glyphs.set(code, (found + view.getUint16(delta!)) & 0xffff);
      }
    }
    return glyphs;
  }
}
