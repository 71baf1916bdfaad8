import { Unread } from '../errors.ts';
import { type Bytes, readAt } from './bytes.ts';
import { textAt, u64be } from './fields.ts';
import { type Findings, type Format, findings } from './format.ts';

/*
 * Linux unified key setup, most significant byte first.
 * https://gitlab.com/cryptsetup/cryptsetup/-/wikis/LUKS-standard/on-disk-format.pdf (version 1)
 * https://gitlab.com/cryptsetup/LUKS2-docs (version 2)
 *
 *   0   6   "LUKS" ba be
 *   6   u16 version
 *
 *   version 1                                version 2
 *   8   32  cipher, 40 32 mode, 72 32 hash   8   u64 length of the header, with a JSON text from 4096 on
 *   104 u32 sector of the data               24  48  label
 *   108 u32 bytes of the key                 72  32  kind of checksum
 *   168 40  UUID                             168 40  UUID
 *   208     8 key slots of 48 bytes, in use when they begin with 00ac71f3
 */
const at = { version: 6, cipher: 8, mode: 40, hash: 72, data: 104, keyBytes: 108, uuid: 168, slots: 208 };
const inSecond = { length: 8, label: 24, text: 4096 };

/** As much of the JSON text as is read. */
const longest = 256 * 1024;

/** A disk that is encrypted as a whole; its data are not read. */
export const luks: Format = {
  name: 'luks',
  matches: ({ head }) => head.toString('latin1', 0, 6) === 'LUKS\xba\xbe',
  async inspect(file) {
    const head = await readAt(file, 0, 592);
    const version = head.readUInt16BE(at.version);
    if (version === 1) return ofFirst(file, head);
    if (version === 2) return ofSecond(file, head);
    throw new Unread(`LUKS of version ${version} is unknown`);
  },
  open: async () => {
    throw new Unread('The data of a LUKS image cannot be read: they are encrypted');
  },
};

const notes = ['Its data are encrypted: a cloud needs the key to use it'];

function ofFirst(file: Bytes, head: Buffer): Findings {
  const data = head.readUInt32BE(at.data) * 512;
  const slots = Array.from({ length: 8 }, (_, index) => head.readUInt32BE(at.slots + index * 48));
  return findings({
    size: Math.max(0, file.size - data),
    details: {
      version: 1,
      cipher: `${textAt(head, at.cipher, 32)}-${textAt(head, at.mode, 32)}`,
      hash: textAt(head, at.hash, 32),
      key_bits: head.readUInt32BE(at.keyBytes) * 8,
      key_slots: slots.filter((state) => state === 0x00ac71f3).length,
      uuid: textAt(head, at.uuid, 40),
    },
    dangers: [],
    problems: data > file.size ? ['It ends before its data begin: it was cut off'] : [],
    notes,
  });
}

async function ofSecond(file: Bytes, head: Buffer): Promise<Findings> {
  const length = Math.min(longest, u64be(head, inSecond.length) - inSecond.text, file.size - inSecond.text);
  const { segments, keyslots } = areaOf(await readAt(file, inSecond.text, Math.max(0, length)));
  const segment = Object.values(segments)[0] ?? {};
  const data = Number(segment.offset);
  const label = textAt(head, inSecond.label, 48);
  return findings({
    size: Number.isSafeInteger(data) && data <= file.size ? file.size - data : undefined,
    details: {
      version: 2,
      ...(typeof segment.encryption === 'string' && { cipher: segment.encryption }),
      key_slots: Object.keys(keyslots).length,
      ...(label !== '' && { label }),
      uuid: textAt(head, at.uuid, 40),
    },
    dangers: [],
    problems: Number.isSafeInteger(data) ? [] : ['Its header cannot be read'],
    notes,
  });
}

interface Segment {
  readonly offset?: unknown;
  readonly encryption?: unknown;
}

/** What is wanted of the JSON text; nothing where it is none. */
function areaOf(text: Buffer): { segments: Record<string, Segment>; keyslots: object } {
  const none = { segments: {}, keyslots: {} };
  try {
    const { segments, keyslots } = { ...none, ...JSON.parse(textAt(text, 0, text.length)) };
    return { segments: isObject(segments) ? segments : {}, keyslots: isObject(keyslots) ? keyslots : {} };
  } catch {
    return none;
  }
}

const isObject = (value: unknown): value is Record<string, Segment> =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((it) => typeof it === 'object' && it !== null);
