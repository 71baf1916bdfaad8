import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  identityVersion,
  imageVersions,
  login,
  pagesOf,
  queued,
  record,
  schema,
  unhashed,
} from './answers.mjs';
import { pieces } from './content.mjs';

// An Identity and an Image service that cost as little as possible, in a process of their own (see cloud.mjs).
// `/with-1000/v3` is the Identity service of a cloud with 1,000 images, which stand below `/with-1000/v2`.
const { image, tls } = JSON.parse(process.argv[2]);
const clouds = new Map();
let counted;
const begin = () => {
  counted = { requests: 0, connections: 0, received: 0 };
};

function serve(request, response) {
  counted.requests += 1;
  const scheme = request.socket.encrypted ? 'https' : 'http';
  const url = new URL(request.url, `${scheme}://${request.headers.host}`);
  const [, total, ...rest] = url.pathname.split('/');
  const route = `${request.method} ${rest.join('/').replace(/\/$/, '')}`;
  const cloud = `${url.origin}/${total}`;
  const [, id, file] = /^\w+ v2\/images\/([^/]+)(\/file)?$/.exec(route) ?? [];
  if (id !== undefined && file === undefined) return answer(response, 200, recordOf(id));
  if (file !== undefined) return request.method === 'PUT' ? take(request, response) : give(response);
  switch (route) {
    case 'POST v3/auth/tokens':
      response.setHeader('x-subject-token', 'gAAAAABbench');
      request.resume();
      return answer(response, 201, login(`${cloud}/v3`, cloud));
    case 'GET v2/images':
      if (!clouds.has(total)) clouds.set(total, pagesOf(Number(total.slice(5))));
      return answer(response, 200, clouds.get(total)(url.searchParams));
    case 'POST v2/images':
      request.resume();
      return answer(response, 201, recordOf(queued));
    case 'GET v3':
      return answer(response, 200, identityVersion(`${cloud}/v3`));
    case 'GET versions':
      return answer(response, 200, imageVersions(cloud));
    case 'GET ':
      return answer(response, 300, imageVersions(cloud));
    default:
      return rest[1] === 'schemas' ? answer(response, 200, schema) : answer(response, 404, {});
  }
}

function answer(response, status, content) {
  const body = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}

function recordOf(id) {
  if (id === unhashed) return record(id, image, { checksum: null, os_hash_algo: null, os_hash_value: null });
  const waits = id === queued && counted.received !== image.size;
  return record(
    id,
    image,
    waits ? { status: 'queued', size: null, checksum: null, os_hash_value: null } : {},
  );
}

/** Sends the data as fast as they are taken. */
function give(response) {
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': image.size });
  const rest = pieces(image.size);
  const send = () => {
    for (let room = true; room; ) {
      const { value, done } = rest.next();
      if (done) return response.end();
      room = response.write(value);
    }
  };
  response.on('drain', send);
  send();
}

function take(request, response) {
  counted.received = 0;
  request.on('data', ({ length }) => {
    counted.received += length;
  });
  request.on('end', () => response.writeHead(counted.received === image.size ? 204 : 400).end());
}

begin();
const servers = [createServer(serve), ...(tls ? [createTlsServer(tls, serve)] : [])];
for (const server of servers) {
  server.on('connection', () => {
    counted.connections += 1;
  });
}
await Promise.all(servers.map((server) => new Promise((done) => server.listen(0, '127.0.0.1', done))));
process.send(servers.map((server) => server.address().port));
process.on('message', (word) => {
  if (word === 'begin') begin();
  process.send(counted);
});
process.on('disconnect', () => process.exit());
