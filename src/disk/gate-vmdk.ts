import type { Bytes } from './bytes.ts';
import type { Danger } from './format.ts';
import { cutUnless, failIf, type Look, upTo } from './gate-look.ts';
import { longestDescriptor, singleFile } from './vmdk-descriptor.ts';

/** It takes any text for a descriptor that might be one, and reads the first piece that arrives of it. */
const firstPiece = 64 * 1024;
const longest = 2 ** 20 - 1;
const atEnd = 0xffff_ffff_ffff_ffffn;

/** How Glance sees VMDK: a sparse header, or text with a createType. */
export const seesVmdk: Look = async (file) => {
  const head = await upTo(file, 0, 512);
  const sight = (failures: Danger[], size = 0) => ({ name: 'vmdk', failures, size });
  if (head.toString('latin1', 0, 4) !== 'KDMV') {
    if (head.length < 64 || !isText(head)) return undefined;
    const text = textOf(await upTo(file, 0, firstPiece));
    return text === undefined || typeOf(text) === undefined ? undefined : sight(textFailures(text));
  }
  if (head.length < 64) return sight(cutUnless(false));
  const [place, sectors] = [head.readBigUInt64LE(28), head.readBigUInt64LE(36)];
  if (![1, 2, 3].includes(head.readUInt32LE(4)) || place !== 1n) {
    return sight([noDescriptor]);
  }
  const length = sectors * 512n > longest ? longest : Number(sectors) * 512;
  if (file.size < 512 + length) return sight(cutUnless(false));
  // what goes on behind this is nothing that it would take
  const text = textOf(await upTo(file, 512, Math.min(length, longestDescriptor)));
  const failures = [
    ...(text === undefined ? [noDescriptor] : descriptorFailures(text)),
    ...(head.readBigUInt64LE(56) === atEnd ? await footerFailures(file, head) : []),
  ];
  const size = singleFile.includes(typeOf(text ?? '') ?? '') ? Number(head.readBigUInt64LE(12)) * 512 : 0;
  return sight(failures, size);
};

const noDescriptor: Danger = { check: 'descriptor', reason: 'it finds no descriptor' };

const isText = (head: Buffer): boolean => /^[\x20-\x7e\t-\r\x1c-\x1f]*$/.test(head.toString('latin1'));

/** Up to the first NUL, in lower case; undefined when it is not ASCII. */
function textOf(bytes: Buffer): string | undefined {
  const end = bytes.indexOf(0);
  const text = bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
  return /[^\x00-\x7f]/.test(text) ? undefined : text.toLowerCase();
}

function typeOf(text: string): string | undefined {
  const key = 'createtype="';
  const at = text.indexOf(key);
  if (at < 0) return undefined;
  const end = text.indexOf('"', at + key.length);
  const type = text.slice(at + key.length, end);
  return type.length < 64 ? type : undefined;
}

/** A descriptor alone has no header to take the size from, which ends its inspection. */
const textFailures = (text: string): Danger[] => {
  const failures = descriptorFailures(text);
  return failures.length > 0 ? failures : [{ check: 'descriptor', reason: 'it is a descriptor alone' }];
};

function descriptorFailures(text: string): Danger[] {
  const fail = (reason: string) => [{ check: 'descriptor', reason }];
  if (text === '') return [noDescriptor];
  const type = typeOf(text) ?? '';
  if (!singleFile.includes(type)) return fail(`a VMDK of the kind '${type}' is not supported`);
  const lines = text.split('\n').map((line) => line.trim());
  const told = lines.filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('ddb'));
  const rest = told.filter((line) => !/^[^ =]*=/.test(line));
  const extents = rest.filter((line) => /^(rw|rdonly|noaccess)( |$)/.test(line));
  if (extents.length < rest.length) return fail('its descriptor has a line of an unknown kind');
  if (extents.some((line) => line.includes('/'))) return fail('its descriptor names a file by a path');
  return failIf(extents.length === 0, 'descriptor', 'its descriptor has no extents');
}

/** A footer overrules the header, so they must say the same. */
async function footerFailures(file: Bytes, head: Buffer): Promise<Danger[]> {
  const end = await upTo(file, Math.max(0, file.size - 1536), 1536);
  if (end.length < 1536) return cutUnless(false);
  const [marker, footer, last] = [end.subarray(0, 512), end.subarray(512, 1024), end.subarray(1024)];
  const same = (from: number, to: number) => head.subarray(from, to).equals(footer.subarray(from, to));
  const reason = !same(0, 8)
    ? 'its footer is not of the kind of its header'
    : !same(28, 44)
      ? 'its footer names another descriptor than its header'
      : footer.readBigUInt64LE(56) === atEnd
        ? 'its footer names another footer'
        : marker.readUInt32LE(8) !== 0 || marker.readUInt32LE(12) !== 3 || isUsed(marker.subarray(16))
          ? 'the marker of its footer is damaged'
          : isUsed(last)
            ? 'it does not end with the marker for the end'
            : undefined;
  return failIf(reason !== undefined, 'footer', reason ?? '');
}

const isUsed = (bytes: Buffer): boolean => bytes.some((byte) => byte !== 0);
