import { constants, createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { type HashMethod, hashMethods, openKey, type SigningKey, signing } from '../../src/transfer/sign.ts';
import { it } from '../support/folder.ts';

const pieces = [Buffer.from('the bytes '), Buffer.alloc(0), Buffer.from('of an image')];
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const small = generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey;
const dsa = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey;
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
const locked = { cipher: 'aes-256-cbc', passphrase: 'ö secret' };

const nobody = async () => undefined;
const never = async () => {
  throw new Error('nobody should have been asked');
};

function signed(key: SigningKey, method: HashMethod): Uint8Array {
  const it = signing(key, method);
  it.start?.();
  it.see(Buffer.from('from an attempt that began anew'));
  it.start?.();
  for (const piece of pieces) it.see(piece);
  return it.signature();
}

/** As a verifier does that takes the salt to be as long as it can be, and no other. */
function holds(key: KeyObject, method: HashMethod, signature: Uint8Array): boolean {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const saltLength = Math.ceil((bits - 1) / 8) - Number(method.slice(4)) / 8 - 2;
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const how = key.asymmetricKeyType === 'rsa' ? { padding, saltLength } : {};
  return verify(method.replace('-', ''), Buffer.concat(pieces), { key, ...how }, signature);
}

describe.each(hashMethods)('a signature over %s', (method) => {
  it.for<[string, KeyObject]>([
    ['RSA-PSS', rsa],
    ['DSA', dsa],
    ['ECC_SECP384R1', ec('secp384r1')],
    ['ECC_SECP521R1', ec('secp521r1')],
    ['ECC_SECT409K1', ec('sect409k1')],
    ['ECC_SECT409R1', ec('sect409r1')],
    ['ECC_SECT571K1', ec('sect571k1')],
    ['ECC_SECT571R1', ec('sect571r1')],
  ])('by a key of type %s holds for the bytes, and for no others', async ([type, secret], { path }) => {
    writeFileSync(path('key'), secret.export(pkcs8));
    const key = await openKey(path('key'), never);
    expect(key.type).toBe(type);
    const signature = signed(key, method);
    expect(holds(createPublicKey(secret), method, signature)).toBe(true);
    expect(holds(createPublicKey(secret), method, signing(key, method).signature())).toBe(false);
  });
});

describe('a private key', () => {
  it.for([
    ['PKCS #8', rsa.export({ ...pkcs8, ...locked })],
    ['PKCS #1', rsa.export({ ...pkcs8, ...locked, type: 'pkcs1' })],
  ] as const)('that is encrypted, in %s, is opened with its passphrase', async ([, pem], { path }) => {
    writeFileSync(path('key'), pem);
    const key = await openKey(path('key'), async () => locked.passphrase);
    expect(holds(createPublicKey(rsa), 'SHA-256', signed(key, 'SHA-256'))).toBe(true);
    const wrong = openKey(path('key'), async () => 'wrong but secret').catch((error) => error);
    expect(await wrong).toBeInstanceOf(UsageError);
    expect(String(await wrong)).toMatch(`The passphrase does not open the key in ${path('key')}: `);
    expect(String(await wrong)).not.toContain('secret');
    await expect(openKey(path('key'), nobody)).rejects.toThrow(
      'there is no terminal to ask for its passphrase',
    );
  });

  it.for([
    ['is a public one', createPublicKey(rsa).export({ type: 'spki', format: 'pem' }), 'holds no private key'],
    ['is not PEM', rsa.export({ type: 'pkcs8', format: 'der' }), 'holds no private key in PEM'],
    ['is nothing at all', '', 'holds no private key in PEM'],
    ['is of a short curve', ec('prime256v1').export(pkcs8), 'which is prime256v1'],
    ['is of another kind', generateKeyPairSync('ed25519').privateKey.export(pkcs8), 'which is ed25519'],
  ] as const)('that %s is refused by the name of its file', async ([, pem, words], { path }) => {
    writeFileSync(path('key'), pem);
    const refused = await openKey(path('key'), never).catch((error) => error);
    expect(refused).toBeInstanceOf(UsageError);
    expect(refused.message).toContain(path('key'));
    expect(refused.message).toContain(words);
  });

  it('that cannot be read is refused by the name of its file', async ({ path, folder }) => {
    await expect(openKey(path('none'), never)).rejects.toThrow(
      new UsageError(`Cannot read ${path('none')}: no such file or directory (ENOENT)`),
    );
    await expect(openKey(folder, never)).rejects.toThrow(`Cannot read ${folder}: `);
  });

  it('that is too small for a hash is refused before any data are read', async ({ path }) => {
    writeFileSync(path('key'), small.export(pkcs8));
    const key = await openKey(path('key'), never);
    expect(() => signing(key, 'SHA-512')).toThrow(`The key in ${path('key')} cannot sign by SHA-512: `);
  });
});
