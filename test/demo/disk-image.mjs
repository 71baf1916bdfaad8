import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A real, bootable disk image: one that a package of this machine brings, or one made here. */
export function diskImage(folder) {
  const there = packaged.find(({ path }) => existsSync(path)) ?? fromDebian(folder);
  return there ?? { ...bootSector(join(folder, 'boot.img')), about: 'a boot sector made for this demo' };
}

const ipxe = '/usr/lib/ipxe/ipxe.iso';
const packaged = [
  { path: ipxe, format: 'iso', about: "iPXE's boot CD" },
  { path: '/usr/lib/grub-rescue/grub-rescue-cdrom.iso', format: 'iso', about: "GRUB's rescue CD" },
];

/** Debian's package unpacked in a folder of our own: no root, nothing installed. */
function fromDebian(folder) {
  try {
    execFileSync('apt-get', ['download', '-qq', 'ipxe'], { cwd: folder, stdio: 'ignore', timeout: 60_000 });
    execFileSync('sh', ['-c', 'dpkg-deb -x ipxe_*.deb .'], { cwd: folder, stdio: 'ignore' });
    const path = join(folder, ipxe);
    return existsSync(path) ? { path, format: 'iso', about: "iPXE's boot CD" } : undefined;
  } catch {
    return undefined;
  }
}

/** One mebibyte with a master boot record that prints a line and halts, and one active partition. */
function bootSector(path) {
  const image = Buffer.alloc(1024 * 1024);
  // cld; xor ax,ax; mov ds,ax; mov si,0x7c18; next: lodsb; test al,al; jz stop; mov ah,0x0e; xor bx,bx; int 0x10; jmp next; stop: hlt; jmp stop
  Buffer.from('fc31c08ed8be187cac84c07408b40e31dbcd10ebf3f4ebfd', 'hex').copy(image);
  image.write('This image came out of the cloud whole.\r\n\0', 0x18, 'latin1');
  // active, type Linux, from sector 1 to the end: https://wiki.osdev.org/Partition_Table
  Buffer.from('80000200830020200100000000000000', 'hex').copy(image, 446);
  image.writeUInt32LE(image.length / 512 - 1, 446 + 12);
  image.writeUInt16LE(0xaa55, 510);
  writeFileSync(path, image);
  return { path, format: 'raw' };
}
