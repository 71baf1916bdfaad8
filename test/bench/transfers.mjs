import { hashed, queued } from './answers.mjs';
import { command, tglance } from './commands.mjs';
import { holdsContent } from './content.mjs';

const anySize = [90, 65];

/** Images fetched and sent, with their hashes computed and without. */
export function transfers({ cloud, image, file, target }) {
  const MiB = `${Math.round(image.size / 2 ** 20)} MiB`;
  const fetched = () => holdsContent(target, image.size);
  const sent = ({ counted }) => counted.received === image.size;
  const data = (id) => `${cloud.url(0)}/v2/images/${id}/file`;
  const get = ['curl', '-sSf', '-o', target, data(hashed)];
  const put = ['curl', '-sSf', '-T', file, data(queued)];
  const download = (more) => ['image-download', ...more, '--file', target, hashed];
  const upload = (more) => ['image-upload', ...more, '--file', file, queued];
  return [
    {
      title: `Download of ${MiB}, verified by sha512`,
      check: fetched,
      commands: [
        inTurn('curl -o, then openssl dgst -sha512', get, ['openssl', 'dgst', '-sha512', target]),
        tglance(download([]), { goal: { cpu: [1.3, 1], memory: anySize } }, 'image-download'),
        command('glance image-download', ['glance', ...download([])]),
        command('openstack image save', ['openstack', 'image', 'save', '--file', target, hashed]),
      ],
    },
    {
      title: `Download of ${MiB}, not verified`,
      check: fetched,
      commands: [
        command('curl -o', get),
        tglance(
          download(['--no-verify']),
          { goal: { cpu: [2.1, 1.1], memory: anySize } },
          'image-download --no-verify',
        ),
      ],
    },
    {
      title: `Upload of ${MiB}, verified by sha512`,
      check: sent,
      commands: [
        inTurn('openssl dgst -sha512, then curl -T', ['openssl', 'dgst', '-sha512', file], put),
        tglance(upload([]), { goal: { cpu: [1.3, 1], memory: anySize } }, 'image-upload'),
      ],
    },
    {
      title: `Upload of ${MiB}, not verified`,
      check: sent,
      commands: [
        command('curl -T', put),
        tglance(
          upload(['--no-verify']),
          { goal: { cpu: [1.8, 1.3], memory: anySize } },
          'image-upload --no-verify',
        ),
        command('glance image-upload', ['glance', ...upload([])]),
        command('openstack image create', ['openstack', 'image', 'create', '--file', file, 'bench']),
      ],
    },
  ].map(({ check, ...it }) => ({
    ...it,
    rounds: 5,
    writes: image.size,
    commands: it.commands.map((each) => ({ ...each, check })),
  }));
}

/** One command after the other, by a shell. */
const inTurn = (name, first, then) =>
  command(name, ['sh', '-c', `${spelled(first)} && ${spelled(then)}`], { needs: [first[0], then[0]] });

const spelled = (words) => words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
