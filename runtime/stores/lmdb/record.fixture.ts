/** The record that belongs to a position, so that whoever reads it knows whether it is the right one. */
export function recordAt(position: number, bytes = 10 + ((position * 7919) % 30_000)): Buffer {
  const record = Buffer.alloc(bytes, `${position}.`);
  record.writeUInt32LE(position, 0);
  return record;
}
