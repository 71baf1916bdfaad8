import { isoImage } from './disk-images.ts';

const sector = 2048;

/** An ISO 9660 image with a directory, a file and a link in it, by the names of Rock Ridge. */
export function isoTree(): Buffer {
  const image = isoImage();
  const [root, below, content] = [20, 21, 22];
  record('\0', root, true).copy(image, 16 * sector + 156);
  const put = (at: number, ...records: readonly Buffer[]) => Buffer.concat(records).copy(image, at * sector);
  put(
    root,
    record('\0', root, true, field('SP', Buffer.from([0xbe, 0xef, 0]))),
    record('\x01', root, true),
    record('ETC', below, true, name('etc'), mode(0o40755)),
    record('LINK', content, false, name('a link'), mode(0o120777), target('etc', 'os-release')),
  );
  put(
    below,
    record('\0', below, true),
    record('\x01', root, true),
    record('OS_RELEASE.;1', content, false, name('os-release'), mode(0o100644)),
  );
  image.write('ID=iso\n', content * sector);
  return image;
}

function record(id: string, at: number, directory: boolean, ...fields: readonly Buffer[]): Buffer {
  const letters = Buffer.from(id, 'latin1');
  const head = Buffer.alloc(33 + letters.length + ((letters.length + 1) % 2));
  letters.copy(head, 33);
  head.writeUInt32LE(at, 2);
  head.writeUInt32LE(directory ? sector : 7, 10);
  head[25] = directory ? 2 : 0;
  head[32] = letters.length;
  const all = Buffer.concat([head, ...fields]);
  all[0] = all.length;
  return all;
}

const field = (mark: string, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from(mark), Buffer.from([4 + content.length, 1]), content]);

const name = (text: string): Buffer => field('NM', Buffer.from(`\0${text}`));

function mode(bits: number): Buffer {
  const content = Buffer.alloc(32);
  content.writeUInt32LE(bits, 0);
  return field('PX', content);
}

const target = (...words: readonly string[]): Buffer =>
  field(
    'SL',
    Buffer.concat([
      Buffer.from([0]),
      ...words.map((word) => Buffer.from(`\0${String.fromCharCode(word.length)}${word}`)),
    ]),
  );
