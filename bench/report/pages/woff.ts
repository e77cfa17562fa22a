import { deflateSync } from "node:zlib";

const HEADER = 44;
const ENTRY = 20;
/** What shapes letters of other scripts and moves them closer: pages need neither, and pictures are measured without. */
const LEFT_OUT: ReadonlySet<string> = new Set(["GSUB", "GPOS", "GDEF", "DSIG", "kern"]);

interface Table {
  readonly tag: string;
  readonly bytes: Uint8Array;
  readonly checksum: number;
}

/** A TrueType font as a smaller WOFF file, for a page to bring along. https://www.w3.org/TR/WOFF/ */
export function woffOf(font: Uint8Array): Buffer {
  const tables = tablesOf(Buffer.from(font)).filter(({ tag }) => !LEFT_OUT.has(tag));
  const packed = tables.map(({ bytes }) => smaller(deflateSync(bytes, { level: 9 }), bytes));
  const starts = packed.map(
    (_, at) => HEADER + tables.length * ENTRY + packed.slice(0, at).reduce((sum, own) => sum + padded(own.length), 0),
  );
  const length = HEADER + tables.length * ENTRY + packed.reduce((sum, own) => sum + padded(own.length), 0);
  const woff = Buffer.alloc(length);
  const plain = 12 + 16 * tables.length + tables.reduce((sum, { bytes }) => sum + padded(bytes.length), 0);
  for (const [at, value] of [
    [0, 0x774f4646],
    [4, 0x00010000],
    [8, length],
    [16, plain],
  ] as const)
    woff.writeUInt32BE(value, at);
  woff.writeUInt16BE(tables.length, 12);
  tables.forEach(({ tag, bytes, checksum }, index) => {
    const at = HEADER + index * ENTRY;
    woff.write(tag, at, "latin1");
    const values = [starts[index]!, packed[index]!.length, bytes.length, checksum];
    for (const [place, value] of values.entries()) woff.writeUInt32BE(value, at + 4 + 4 * place);
    woff.set(packed[index]!, starts[index]!);
  });
  return woff;
}

function tablesOf(font: Buffer): Table[] {
  return Array.from({ length: font.readUInt16BE(4) }, (_, index) => {
    const at = 12 + 16 * index;
    const start = font.readUInt32BE(at + 8);
    const bytes = font.subarray(start, start + font.readUInt32BE(at + 12));
    return { tag: font.toString("latin1", at, at + 4), bytes, checksum: font.readUInt32BE(at + 4) };
  });
}

/** The format wants a table as it is where packing would make it longer. */
function smaller(packed: Uint8Array, plain: Uint8Array): Uint8Array {
  return packed.length < plain.length ? packed : plain;
}

/** Tables begin at multiples of four. */
function padded(length: number): number {
  return (length + 3) & ~3;
}
