import type { Incoming, Request, Response, Send } from './message.ts';
import { redact, redactHeader } from './redact.ts';

/** Of each body this much is shown, in characters. */
const shown = 8 * 1024;

/**
 * Writes what goes out, as a curl command to repeat it with, and what comes back, line by line.
 * `secrets` may grow while the program learns them.
 */
export const withTrace =
  (send: Send, write: (line: string) => void, secrets: ReadonlySet<string>): Send =>
  async (request) => {
    write(curl(request, secrets));
    const response = await send(request).catch((error: unknown) => {
      write(`no answer: ${redact(error instanceof Error ? error.message : String(error), secrets)}`);
      throw error;
    });
    write(`HTTP ${response.status}`);
    for (const [name, value = ''] of Object.entries(response.headers)) {
      write(`${name}: ${redactHeader(name, value, secrets)}`);
    }
    return isJson(response) ? { ...response, body: shownBody(response.body, write, secrets) } : response;
  };

function curl({ method, url, headers, body }: Request, secrets: ReadonlySet<string>): string {
  const words = ['curl', '-i', method === 'HEAD' ? '-I' : `-X ${method}`];
  for (const [name, value] of Object.entries(headers)) {
    // In double quotes, for the shell to put the token in.
    if (name === 'x-auth-token') words.push('-H "x-auth-token: $OS_TOKEN"');
    else words.push('-H', quoted(`${name}: ${redactHeader(name, value, secrets)}`));
  }
  if (typeof body === 'string') words.push('-d', quoted(redact(body, secrets)));
  else if (body) words.push('-T', '-');
  words.push(quoted(redact(url.href, secrets)));
  return words.join(' ');
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

const isJson = ({ headers }: Response): boolean =>
  /json/i.test(headers['content-type'] ?? '') && headers['content-encoding'] === undefined;

/** Shows the beginning of the body once it has been read. */
function shownBody(body: Incoming, write: (line: string) => void, secrets: ReadonlySet<string>): Incoming {
  return {
    drop: () => body.drop(),
    async each(see) {
      // More than is shown, so that no half of a secret stands at the end.
      const beginning = Buffer.alloc(2 * shown);
      let length = 0;
      await body.each((chunk) => {
        const part = chunk.subarray(0, beginning.length - length);
        beginning.set(part, length);
        length += part.length;
        return see(chunk);
      });
      const text = redact(beginning.toString('utf8', 0, length), secrets);
      write(text.length > shown ? `${text.slice(0, shown)}…` : text);
    },
  };
}
