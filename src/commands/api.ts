import type { App } from '../define/app.ts';
import { arg, command } from '../define/command.ts';
import { chosenOf, many, on, text } from '../define/option.ts';
import { done, record, rows, type View } from '../define/view.ts';
import { UsageError } from '../errors.ts';
import type { Answer, Call } from '../glance/call.ts';
import { copy } from '../transfer/copy.ts';
import { fileSink, type Sink, streamSink } from '../transfer/sink.ts';
import { openFile, type Source } from '../transfer/source.ts';
import { bytesOf } from './bytes-of.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export const call = command({
  about: `Make any call to the Image API, logged in: for what no other command does. JSON that comes back is printed as
JSON, or in the format that is chosen with -f; other data as they are. A refusal ends as with any command; what the
service said goes to standard output where that is not a terminal. --debug shows the call as a curl command.`,
  args: {
    method: arg('<METHOD>', `${methods.join(', ')}; small letters will do`, methods),
    path: arg('<PATH>', 'Path below the address of the Image service, such as v2/images?limit=1'),
  },
  options: {
    data: text(
      '--data <DATA>',
      'What to send; @FILE is what a file holds, @- what comes on standard input. JSON is sent as such, a list by PATCH as a patch, anything else and the data of an image as bytes',
    ),
    header: many(text('-H, --header <HEADER>', "Header to send, 'Name: value'; can be repeated")),
    include: on('-i, --include', "Print the answer's status and headers as well"),
    file: text('-o, --file <FILE>', 'Write the answer as it is into a file; - is standard output', {
      complete: 'file',
    }),
  },
  examples: [
    "tglance api GET 'v2/images?limit=1&sort=size:desc'",
    `tglance api POST v2/images --data '{"name": "empty"}'`,
    'tglance api PATCH v2/images/ID --data @patch.json',
    'tglance api PUT v2/images/ID/file --data @disk.qcow2',
    "tglance api GET v2/images/ID/file -H 'Range: bytes=0-511' -o boot-sector",
  ],
  run: async ({ args, options: { data, header = [], include = false, file } }, app) => {
    const method = chosenOf(methods, args.method.toUpperCase());
    const given = headersIn(header);
    if (data !== undefined && (method === 'GET' || method === 'HEAD')) {
      throw new UsageError(`${method} sends nothing, so --data cannot be given`);
    }
    const sink = file === undefined ? undefined : await sinkFor(file, app);
    const source = data?.startsWith('@') ? await sourceOf(data.slice(1), app) : undefined;
    try {
      const body =
        data === undefined ? undefined : await bodyOf(method, args.path, source ?? Buffer.from(data));
      const headers = { accept: isData(args.path) ? '*/*' : 'application/json', ...body?.headers, ...given };
      const glance = await app.glance();
      const answer = await glance.call({ ...body, method, path: args.path, headers });
      if (answer.refusal !== undefined) {
        if ((file ?? '-') === '-' && !app.stdio.outputIsTerminal) await answer.each(app.stdio.write);
        throw answer.refusal;
      }
      if (include || method === 'HEAD') await app.stdio.write(Buffer.from(headOf(answer)));
      return await show(method, answer, sink, app);
    } catch (error) {
      await sink?.abandon();
      throw error;
    } finally {
      await source?.close();
    }
  },
});

/** Says who asks, or how the message is put together: both are found out here. */
const ours = [
  'x-auth-token',
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'expect',
  'upgrade',
];

function headersIn(lines: readonly string[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, word = '', value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([ -~\t]*)$/.exec(line) ?? [];
    const name = word.toLowerCase();
    if (name === '') throw new UsageError(`'${line}' is not a header: write 'Name: value'`);
    if (ours.includes(name)) throw new UsageError(`The header '${word}' cannot be chosen`);
    const before = headers.get(name);
    headers.set(name, before === undefined ? value.trimEnd() : `${before}, ${value.trimEnd()}`);
  }
  return Object.fromEntries(headers);
}

const sinkFor = async (file: string, app: App): Promise<Sink> =>
  file === '-' ? streamSink(app.stdio.write) : await fileSink(file, app.signal);

async function sourceOf(file: string, app: App): Promise<Source> {
  const source = file === '-' ? app.stdio.input() : await openFile(file);
  if (source === undefined) throw new UsageError('--data @- wants data on standard input');
  return source;
}

/** Only the data of images are sent piece by piece, whatever their size. */
const isData = (path: string): boolean => /\/(file|stage)(\?|$)/.test(path);

/** Bytes of everything else. */
const most = 64 * 1024 * 1024;

async function bodyOf(
  method: string,
  path: string,
  data: Source | Buffer,
): Promise<Pick<Call, 'body' | 'headers'>> {
  const bytes = { 'content-type': 'application/octet-stream' };
  if (isData(path) && !Buffer.isBuffer(data)) return { body: data, headers: bytes };
  const whole = Buffer.isBuffer(data)
    ? data
    : await bytesOf(data, most, `${data.name} is too large for a request`);
  const json = isData(path) ? undefined : parsed(whole);
  if (json === undefined) {
    return {
      body: {
        size: whole.length,
        again: true,
        chunks: async function* () {
          yield whole;
        },
      },
      headers: bytes,
    };
  }
  const patch = method === 'PATCH' && Array.isArray(json);
  const type = patch ? 'application/openstack-images-v2.1-json-patch' : 'application/json';
  return { body: whole.toString(), headers: { 'content-type': type } };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

const headOf = ({ status, headers }: Answer): string => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`);
  return `HTTP/1.1 ${status}\n${lines.join('')}\n`;
};

async function show(method: string, answer: Answer, sink: Sink | undefined, app: App): Promise<View> {
  const { status, headers } = answer;
  const { 'content-type': type = 'something', 'content-length': length } = headers;
  if (sink !== undefined) {
    await copy(answer.each, sink, [], app.signal);
    return done();
  }
  if (method === 'HEAD' || status === 204 || length === '0') {
    answer.drop();
    return done(`The service answered ${status}`);
  }
  if (/json/i.test(type)) return viewOf(await answer.json());
  if (app.stdio.outputIsTerminal) {
    answer.drop();
    throw new UsageError(`The answer is ${type}, not for a terminal: give --file, or redirect the output`);
  }
  await copy(answer.each, streamSink(app.stdio.write), [], app.signal);
  return done();
}

function viewOf(value: unknown): View {
  if (!Array.isArray(value) || !value.every(isObject)) {
    return record(Object(value), { shown: isObject(value) ? value : { value }, usual: 'json' });
  }
  const names = [...new Set(value.flatMap((item) => Object.keys(item)))];
  const columns = Object.fromEntries(names.map((name) => [name, name]));
  return rows(value, columns, names, { usual: 'json' });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
