import { type BigIntStats, fstatSync, readFileSync, statfsSync } from 'node:fs';

/** What a descriptor is of, or undefined where it is closed. */
export function statOf(fd: number): BigIntStats | undefined {
  try {
    return fstatSync(fd, { bigint: true });
  } catch {
    return undefined;
  }
}

/**
 * Whether a file is on this machine. To wait for one that is not needs a thread: nothing may come any more, and signals
 * must be heard. Only Linux tells that of a descriptor.
 */
export function isLocal(fd: number): boolean {
  try {
    return localFileSystems.has(statfsSync(`/proc/self/fd/${fd}`).type);
  } catch {
    return false;
  }
}

/** ext2 to ext4, XFS, Btrfs, tmpfs (and what holds devices), overlay, F2FS, ZFS. https://man7.org/linux/man-pages/man2/statfs.2.html */
const localFileSystems = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0xf2f52010, 0x2fc12fc1,
]);

/** How far a descriptor has been read; only Linux tells (proc(5)), as Node cannot seek. */
export function positionOf(fd: number): number | undefined {
  try {
    const pos = /^pos:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];
    return pos === undefined ? undefined : Number(pos);
  } catch {
    return undefined;
  }
}
