const sector = 512;
const extent = 1 << 20;
const uuid = 'AAAAAA-bbbb-CCCC-dddd-EEEE-ffff-GGGGGG';

/** A physical volume of LVM, which is the group `vg`, with linear volumes of these contents. */
export function physicalVolume(volumes: Readonly<Record<string, Buffer>>): Buffer {
  let next = 0;
  const pieces: Buffer[] = [];
  const described = Object.entries(volumes).map(([name, content]) => {
    const count = Math.ceil(content.length / extent);
    const piece = Buffer.alloc(count * extent);
    content.copy(piece);
    pieces.push(piece);
    const first = next;
    next += count;
    return `${name} {
id = "${name}"
status = ["READ", "WRITE", "VISIBLE"]
segment_count = 1
segment1 {
start_extent = 0
extent_count = ${count}
type = "striped"
stripe_count = 1 # linear
stripes = [
"pv0", ${first}
]
}
}`;
  });
  const text = Buffer.from(`vg {
id = "v"
extent_size = ${extent / sector}
physical_volumes {
pv0 {
id = "${uuid}"
pe_start = 2048
}
}
logical_volumes {
${described.join('\n')}
}
}
\0`);
  const head = Buffer.alloc(extent);
  const label = head.subarray(sector, 2 * sector);
  label.write('LABELONE');
  label.writeBigUInt64LE(1n, 8);
  label.writeUInt32LE(32, 20);
  label.write('LVM2 001', 24);
  label.write(uuid.replaceAll('-', ''), 32);
  label.writeBigUInt64LE(BigInt(extent), 72);
  label.writeBigUInt64LE(4096n, 104);
  label.writeBigUInt64LE(BigInt(extent - 4096), 112);
  label.writeUInt32LE(checksum(label.subarray(20)), 16);
  const area = head.subarray(4096, 4096 + sector);
  area.write(' LVM2 x[5A%r0N*>', 4);
  area.writeUInt32LE(1, 20);
  area.writeBigUInt64LE(4096n, 24);
  area.writeBigUInt64LE(BigInt(extent - 4096), 32);
  area.writeBigUInt64LE(BigInt(sector), 40);
  area.writeBigUInt64LE(BigInt(text.length), 48);
  area.writeUInt32LE(checksum(text), 56);
  area.writeUInt32LE(checksum(area.subarray(4)), 0);
  text.copy(head, 4096 + sector);
  return Buffer.concat([head, ...pieces]);
}

/** LVM's own CRC-32. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0xf597a6cf;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return sum >>> 0;
}
