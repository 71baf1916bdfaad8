import type { Bytes } from '../disk/bytes.ts';
import { DiskError } from '../errors.ts';
import { type Guest, guestOf } from '../guest/guest.ts';
import { unmounted, type Volume } from '../guest/volumes.ts';

/** What is on a disk, as far as file-inspect tells it. */
export interface Inside {
  readonly file_systems: readonly Holding[];
  readonly guest: System | null;
  /** Why it could not all be seen. */
  readonly notes: readonly string[];
  /** What Nova wants to know of a guest (`openstack image set --property`). */
  readonly properties: Readonly<Record<string, string>>;
}

/** A part of a disk, and what is in it. */
interface Holding {
  readonly place: string;
  readonly type: string;
  readonly label: string;
}

interface System {
  readonly name: string;
  readonly id: string;
  readonly version: string;
  readonly architecture: string | null;
}

/** Nothing was looked for, or nothing found. */
export const nothingInside: Inside = { file_systems: [], guest: null, notes: [], properties: {} };

/** Looks at the file systems of a disk and for the operating system on them; what is damaged is noted. */
export async function lookInside(disk: Bytes): Promise<Inside> {
  try {
    const { guest, disk: found } = await guestOf(disk);
    return {
      file_systems: found.volumes.filter(({ kind }) => kind !== '').map(holdingOf),
      guest: guest === undefined ? null : systemOf(guest),
      notes: [
        ...found.volumes.flatMap(({ name, trouble }) =>
          trouble === undefined ? [] : [`${name}: ${trouble.message}`],
        ),
        ...unmounted(found.volumes),
      ],
      properties: guest === undefined ? {} : propertiesOf(guest),
    };
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return { ...nothingInside, notes: [`The guest cannot be read: ${error.message}`] };
  }
}

const holdingOf = ({ name, kind, files }: Volume): Holding => ({
  place: name,
  type: kind,
  label: files?.label ?? '',
});

const systemOf = ({ release: { name, id, version, architecture } }: Guest): System => ({
  name,
  id,
  version,
  architecture: architecture ?? null,
});

/** https://docs.openstack.org/glance/latest/admin/useful-image-properties.html */
const propertiesOf = ({ release: { id, version, architecture } }: Guest): Record<string, string> => ({
  os_type: 'linux',
  ...(id !== 'linux' && { os_distro: id.replace(/^opensuse-.*/, 'opensuse') }),
  ...(version !== '' && { os_version: version }),
  ...(architecture !== undefined && { architecture }),
});
