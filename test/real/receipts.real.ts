import { expect, it } from 'vitest';
import {
  imageList,
  inCloud,
  openstack,
  passcode,
  refuseSecrets,
  secretsIn,
  whoami,
  whoIn,
} from './support/logins.ts';
import { demo } from './support/people.ts';
import { tglanceCommand } from './support/program.ts';
import { atTerminal } from './support/terminal.ts';

it('a passcode is enough for who needs no more', async () => {
  const env = inCloud('totp');
  const flags = ['--os-passcode', passcode('totp')];
  const [who, theirs, images] = await Promise.all([
    whoami(env, flags),
    openstack(env, flags),
    imageList(env, flags),
  ]);
  expect(who).toMatchObject({ user: 'totp', project: 'demo', methods: ['totp'], ...theirs });
  expect(images).toMatchObject({ code: 0, err: '' });
});

it('a wrong passcode ends in a few lines', async () => {
  const ran = await imageList(inCloud('totp'), ['--os-passcode', '000']);
  expect(ran).toMatchObject({ code: 3, out: '', err: expect.stringContaining('requires authentication') });
});

it('password and passcode go together to who wants both', async () => {
  const env = inCloud('mfa');
  const flags = ['--os-passcode', passcode('mfa')];
  const [who, theirs, images] = await Promise.all([
    whoami(env, flags),
    openstack(env, flags),
    imageList(env, flags),
  ]);
  expect(who).toMatchObject({ user: 'mfa', project: 'demo', ...theirs });
  expect([...who.methods].sort()).toEqual(['password', 'totp']);
  expect(images).toMatchObject({ code: 0, err: '' });
});

it('a receipt for the password is completed by a passcode that was given', async () => {
  const env = inCloud('mfa-by-receipt');
  const flags = ['--os-passcode', passcode('mfa')];
  const [who, images] = await Promise.all([whoami(env, flags), imageList(env, flags)]);
  expect(who).toMatchObject({ user: 'mfa', project: 'demo' });
  expect([...who.methods].sort()).toEqual(['password', 'totp']);
  expect(images).toMatchObject({ code: 0, err: '' });
});

it('P23: a receipt for the password is completed at the terminal, where the passcode does not show', async ({
  onTestFinished: later,
}) => {
  const words = [...tglanceCommand, '--no-cache', '--debug', 'whoami', '-f', 'json'];
  const { until, type, ended } = await atTerminal(words, { env: inCloud('mfa-by-receipt') }, later);
  await until(/code: $/i);
  const code = passcode('mfa');
  type(code);
  expect(whoIn(await ended, [...secretsIn(), code])).toMatchObject({ user: 'mfa', project: 'demo' });
});

it('P23: password and passcode are asked for at the terminal', async ({ onTestFinished: later }) => {
  const { OS_PASSWORD: password = '', ...env } = { ...demo.env, OS_USERNAME: 'mfa' };
  const words = [...tglanceCommand, '--no-cache', '--debug', 'whoami', '-f', 'json'];
  const { until, type, ended } = await atTerminal(words, { env }, later);
  await until(/password: $/i);
  type(password);
  await until(/code: $/i);
  const code = passcode('mfa');
  type(code);
  expect(whoIn(await ended, [password, code])).toMatchObject({ user: 'mfa', project: 'demo' });
});

it('P27: without a terminal nobody is asked, and the error names what is missing', async () => {
  for (const cloud of ['totp', 'mfa', 'mfa-by-receipt']) {
    const ran = await imageList(inCloud(cloud));
    expect(ran).toMatchObject({ code: 3, out: '', err: expect.stringMatching(/passcode/i) });
    refuseSecrets(ran.err, secretsIn());
  }
});
