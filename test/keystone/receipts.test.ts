import { describe, expect, it } from 'vitest';
import { identity, passes } from '../support/identity.ts';
import { type Answer, inTurn, reply } from '../support/wire.ts';

const user = { OS_USERNAME: 'demo', OS_PASSWORD: 'secret-password', OS_PROJECT_ID: 'p1' };
const receipt = 'receipt-that-nobody-may-see';

/** Identity has seen some proofs and wants more. */
const wanting = (rules: unknown, methods: unknown = ['password']): Answer =>
  reply(401, { receipt: { methods }, required_auth_methods: rules }, { 'openstack-auth-receipt': receipt });

const both = [['password', 'totp']];

describe('a login with several factors', () => {
  it('goes on with the receipt and the passcode that was given', async () => {
    const service = await identity((url) => ({ 'POST /v3/auth/tokens': inTurn(wanting(both), passes(url)) }));
    expect(await service.run({ ...user, OS_PASSCODE: '123456' })).toMatchObject({ code: 0, err: '' });
    const [first, second] = service.seen;
    expect(first?.headers['openstack-auth-receipt']).toBe(undefined);
    expect(second?.headers['openstack-auth-receipt']).toBe(receipt);
    expect(service.auths()[1]).toEqual({
      identity: {
        methods: ['totp'],
        totp: { user: { name: 'demo', domain: { id: 'default' }, passcode: '123456' } },
      },
      scope: { project: { id: 'p1' } },
    });
  });

  it('P23: asks a person for the passcode, and shows neither it nor the receipt', async () => {
    const service = await identity((url) => ({ 'POST /v3/auth/tokens': inTurn(wanting(both), passes(url)) }));
    const asked: string[] = [];
    const answer = (question: string) => {
      asked.push(question);
      return '654321';
    };
    const { err, code } = await service.run(user, { words: '--debug image-list', answer });
    expect([code, asked]).toEqual([0, ['One-time code: ']]);
    expect(err).not.toContain(receipt);
    expect(err).not.toContain('654321');
  });

  it('takes the rule that wants least of what can be given here', async () => {
    const rules = [
      ['password', 'mapped'],
      ['password', 'totp', 'token'],
      ['password', 'totp'],
    ];
    const service = await identity((url) => ({
      'POST /v3/auth/tokens': inTurn(wanting(rules), passes(url)),
    }));
    await service.run({ ...user, OS_PASSCODE: '123456' });
    expect(service.auths()[1]).toMatchObject({ identity: { methods: ['totp'] } });
  });

  it('P27: says what is missing where there is nobody to ask', async () => {
    const service = await identity({ 'POST /v3/auth/tokens': wanting(both) });
    const { err, code } = await service.run(user);
    expect(code).toBe(3);
    expect(err).toContain(
      'Identity wants totp beside password. This login needs passcode: set --os-passcode',
    );
  });

  it.for<[string, unknown, unknown, string]>([
    [
      'what only a browser can give',
      [['password', 'mapped']],
      ['password'],
      'mapped, which cannot be given here',
    ],
    ['something, without saying what', [], ['password'], 'it does not say what'],
    ['nonsense', { a: [1, null, ['x']] }, 'password', 'it does not say what'],
  ])('says so when Identity wants %s', async ([, rules, methods, message]) => {
    const service = await identity({ 'POST /v3/auth/tokens': wanting(rules, methods) });
    const { err, code } = await service.run({ ...user, OS_PASSCODE: '123456' });
    expect([code, service.asked()]).toEqual([3, ['POST /v3/auth/tokens']]);
    expect(err).toContain(message);
  });

  it('ends when Identity wants the same again and again', async () => {
    const service = await identity({ 'POST /v3/auth/tokens': wanting(both) });
    const { code } = await service.run({ ...user, OS_PASSCODE: '123456' });
    expect([code, service.asked()]).toEqual([3, ['POST /v3/auth/tokens', 'POST /v3/auth/tokens']]);
  });

  it('is refused in the words of Identity when the passcode is wrong', async () => {
    const refusal = reply(401, { error: { code: 401, message: 'Not this code.' } });
    const service = await identity({ 'POST /v3/auth/tokens': inTurn(wanting(both), refusal) });
    const { err, code } = await service.run({ ...user, OS_PASSCODE: '123456' });
    expect(code).toBe(3);
    expect(err).toContain('Not this code. (HTTP 401)');
  });
});
