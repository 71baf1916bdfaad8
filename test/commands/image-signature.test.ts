import { constants, generateKeyPairSync, verify } from 'node:crypto';
import { openSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { it as inCloud } from '../support/cloud.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const bytes = Buffer.alloc(2_500_000, 'the bytes of an image');
const certificate = '5f2d8a1e-0c4b-4a57-9a39-3f6d0a3f2b11';
const formats = '--disk-format raw --container-format bare';

/** A test with a file of data and a private key, once plain and once encrypted. */
const it = inCloud.extend<{ files: { disk: string; key: string; locked: string } }>({
  files: async ({ path }, use) => {
    const files = { disk: path('disk'), key: path('key'), locked: path('locked') };
    const pem = { type: 'pkcs8', format: 'pem' } as const;
    writeFileSync(files.disk, bytes);
    writeFileSync(files.key, privateKey.export(pem));
    writeFileSync(
      files.locked,
      privateKey.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'open sesame' }),
    );
    await use(files);
  },
});

interface Signed {
  readonly status: string;
  readonly img_signature: string;
  readonly [property: string]: unknown;
}

const holds = ({ img_signature }: Signed, hash: string) => {
  const salt = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
  return verify(hash, bytes, { key: publicKey, ...salt }, Buffer.from(img_signature, 'base64'));
};

describe('image-create --sign-key-path', () => {
  it('sets the four properties by which the cloud verifies the data', async ({ cloud, files }) => {
    const image = await cloud.json<Signed>(
      `image-create ${formats} --file ${files.disk} --sign-key-path ${files.key} --sign-cert-id ${certificate}`,
    );
    expect(image).toMatchObject({
      status: 'active',
      size: bytes.length,
      img_signature_certificate_uuid: certificate,
      img_signature_hash_method: 'SHA-256',
      img_signature_key_type: 'RSA-PSS',
    });
    expect(image.img_signature).toMatch(/^[A-Za-z0-9+/]{342}==$/);
    expect(holds(image, 'SHA256')).toBe(true);
  });

  it('signs another hash when told, and asks for the passphrase of the key', async ({ cloud, files }) => {
    const line = `image-create ${formats} --file ${files.disk} --sign-key-path ${files.locked} --sign-cert-id ${certificate} --sign-hash-method SHA-512`;
    const image = await cloud.json<Signed>(line, { password: 'open sesame' });
    expect(image).toMatchObject({ status: 'active', img_signature_hash_method: 'SHA-512' });
    expect(holds(image, 'SHA512')).toBe(true);
  });

  it('shows how far it is with the signature, when --progress is there', async ({ cloud, files }) => {
    const { err } = await cloud.run(
      `image-create ${formats} --file ${files.disk} --progress --sign-key-path ${files.key} --sign-cert-id ${certificate}`,
    );
    expect(err).toContain(`${files.disk}: 2.4 MiB of 2.4 MiB (100%)`);
  });

  it.for<[string, string]>([
    ['--file {disk} --sign-key-path {key}', 'Signing takes both --sign-key-path and --sign-cert-id'],
    ['--file {disk} --sign-cert-id 5', 'Signing takes both --sign-key-path and --sign-cert-id'],
    ['--file {disk} --sign-hash-method SHA-384', 'Signing takes both --sign-key-path and --sign-cert-id'],
    [
      '--file {disk} --sign-key-path {key} --sign-cert-id 5 --sign-hash-method MD5',
      "'MD5' is not one of SHA-256",
    ],
    ['--sign-key-path {key} --sign-cert-id 5', 'Signing takes --file'],
    ['--file - --sign-key-path {key} --sign-cert-id 5', 'Signing takes --file'],
    ['--copy-from http://127.0.0.1:9/x --sign-key-path {key} --sign-cert-id 5', 'Signing takes --file'],
    ['--location http://127.0.0.1:9/x --sign-key-path {key} --sign-cert-id 5', 'Signing takes --file'],
    ['--file {disk} --sign-key-path /nowhere/key --sign-cert-id 5', 'Cannot read /nowhere/key'],
    ['--file {disk} --sign-key-path {disk} --sign-cert-id 5', 'holds no private key in PEM'],
    [
      '--file {disk} --sign-key-path {locked} --sign-cert-id 5',
      'there is no terminal to ask for its passphrase',
    ],
    ['--file /dev/zero --sign-key-path {key} --sign-cert-id 5', '/dev/zero cannot be signed'],
  ])('P37: %s creates nothing', async ([words, message], { cloud, files }) => {
    const line = words.replace(/\{(\w+)\}/g, (_, name: keyof typeof files) => files[name]);
    const around = { stdin: openSync(files.disk, 'r') };
    const { out, err, code } = await cloud.run(`image-create ${formats} ${line}`, around);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain(message);
    expect(err.split('\n').length).toBeLessThanOrEqual(4);
    expect(await cloud.json('image-list')).toEqual([]);
  });

  it('P23: a wrong passphrase is not repeated', async ({ cloud, files }) => {
    const { err, code } = await cloud.run(
      `image-create ${formats} --file ${files.disk} --sign-key-path ${files.locked} --sign-cert-id 5 --debug`,
      { password: 'wrong but secret' },
    );
    expect(code).toBe(2);
    expect(err).toContain(`The passphrase does not open the key in ${files.locked}`);
    expect(err).not.toContain('secret');
  });
});
