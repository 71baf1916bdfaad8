import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { pieces } from './content.mjs';

// A cloud in a process of its own with one image, whose bytes are made up as they go. Each connection breaks after `cut` bytes.
const { id, size, cut } = JSON.parse(process.argv[2]);
const hash = createHash('sha512');
for (const piece of pieces(0, size)) hash.update(piece);
const record = {
  id,
  name: 'hollow',
  status: 'active',
  size,
  os_hash_algo: 'sha512',
  os_hash_value: hash.digest('hex'),
};

const server = createServer((request, response) => {
  if (!request.url.endsWith('/file')) {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(record));
    return;
  }
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const from = Number(first ?? 0);
  const to = last ? Math.min(Number(last) + 1, size) : size;
  process.send({ from });
  const range = first === undefined ? {} : { 'content-range': `bytes ${from}-${to - 1}/${size}` };
  response.writeHead(first === undefined ? 200 : 206, { 'content-length': to - from, ...range });
  const end = Math.min(to, from + cut);
  const rest = pieces(from, end);
  const send = () => {
    for (let room = true; room; ) {
      const { value, done } = rest.next();
      if (done && end === to) return response.end();
      // what was written before must not be lost with the connection
      if (done) return response.write('', () => request.socket.end());
      room = response.write(value);
    }
  };
  response.on('drain', send);
  send();
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());
