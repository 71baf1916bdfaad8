import { describe, expect, it } from 'vitest';
import { client, cloud, given } from '../support/oidc.ts';
import { type Answer, inTurn, reply } from '../support/wire.ts';

describe('a code that another device confirms', () => {
  const invitation = {
    device_code: 'device-code-of-it',
    user_code: 'ABCD-EFGH',
    verification_uri: 'https://sso.example/device',
    expires_in: 600,
    interval: 0,
  };
  const pending = reply(400, { error: 'authorization_pending' });
  const asking = async (invited: Answer, said: Answer, around = {}) => {
    const service = await cloud(said, { 'POST /device': invited });
    const env = {
      ...client(service),
      OS_AUTH_TYPE: 'v3oidcdeviceauthz',
      OS_DEVICE_AUTHORIZATION_ENDPOINT: `${service.url}/device`,
    };
    return { service, ...(await service.run(env, around)) };
  };

  it('is shown, also when everything else is to be quiet, and asked for until it is', async () => {
    const words = '--quiet image-list';
    const { service, code, err } = await asking(reply(200, invitation), inTurn(pending, pending, given), {
      words,
    });
    expect(code).toBe(0);
    expect(err).toBe('To log in, open https://sso.example/device and enter the code ABCD-EFGH\n');
    expect(service.asked().filter((it) => it === 'POST /token').length).toBe(3);
    expect(Object.fromEntries(new URLSearchParams(service.seen[0]?.body))).toEqual({
      client_id: 'me & mine',
      scope: 'openid profile',
    });
  });

  it('P23: keeps to itself what is not for people', async () => {
    const { err } = await asking(reply(200, invitation), given, { words: '--debug image-list' });
    expect(err).not.toContain('device-code-of-it');
  });

  it.for<[string, object, Answer, number, string]>([
    ['nobody confirms it', { ...invitation, expires_in: 0 }, given, 3, 'Nobody confirmed the login in time'],
    ['somebody says no', invitation, reply(400, { error: 'access_denied' }), 3, 'access_denied (HTTP 400)'],
    [
      'it is too late',
      invitation,
      inTurn(pending, reply(400, { error: 'expired_token' })),
      3,
      'expired_token',
    ],
    ['there is none', { user_code: 1 }, given, 6, 'without a code for the device'],
  ])('ends when %s', async ([, invited, said, expected, message]) => {
    const { code, err } = await asking(reply(200, invited), said);
    expect(code).toBe(expected);
    expect(err).toContain(message);
  });

  it('P31: cannot repaint the terminal', async () => {
    const { err } = await asking(reply(200, { ...invitation, user_code: 'A\u001b[2J' }), given);
    expect(err).not.toContain('\u001b');
  });

  it('P22: is given up at once when somebody presses Ctrl-C', async () => {
    const stop = new AbortController();
    const told = () => stop.abort(new Error('interrupted'));
    const slow = reply(200, { ...invitation, interval: 600 });
    const { service } = await asking(slow, pending, { told, signal: stop.signal });
    expect(service.asked().filter((it) => it === 'POST /token').length).toBeLessThanOrEqual(1);
  });
});
