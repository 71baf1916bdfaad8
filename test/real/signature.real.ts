import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder } from './support/disks.ts';
import { demo } from './support/people.ts';
import { start } from './support/program.ts';
import { type Later, look, newId } from './support/witness.ts';

/** Verifies data on standard input as Glance does: with cursive, to which the public key is handed instead of a certificate. */
const cursive = `
import json, sys
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cursive import signature_utils
image, key = json.loads(sys.argv[1]), load_pem_public_key(sys.argv[2].encode())
signature_utils.get_public_key = lambda *_: key
names = ['certificate_uuid', 'hash_method', 'key_type']
words = {'img_signature_' + name: image['img_signature_' + name] for name in names}
verifier = signature_utils.get_verifier(None, img_signature=image['img_signature'], **words)
verifier.update(sys.stdin.buffer.read())
verifier.verify()
`;

type Kind = 'RSA-PSS' | 'DSA' | 'ECC_SECP384R1';

const keysOf: Readonly<Record<Kind, () => ReturnType<typeof generateKeyPairSync>>> = {
  'RSA-PSS': () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  DSA: () => generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }),
  ECC_SECP384R1: () => generateKeyPairSync('ec', { namedCurve: 'secp384r1' }),
};

const certificate = '9b1c5a20-5a57-4f7e-9a3c-0d7a2f0b6a11';

/** The words that create an image from signed data, and what verifies it. */
async function signed(later: Later, kind: Kind = 'RSA-PSS') {
  const place = await folder(later);
  const [key, file] = [join(place, 'key'), join(place, 'data')];
  const { privateKey, publicKey } = keysOf[kind]();
  const data = randomBytes(100_000);
  await writeFile(file, data);
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const formats = '--disk-format raw --container-format bare';
  const words = `image-create ${formats} --file ${file} --sign-key-path ${key} --sign-cert-id ${certificate}`;
  return { words, data, publicKey: String(publicKey.export({ type: 'spki', format: 'pem' })) };
}

describe('image-create --sign-key-path', () => {
  it.for<[Kind, string]>([
    ['RSA-PSS', 'SHA-256'],
    ['DSA', 'SHA-224'],
    ['ECC_SECP384R1', 'SHA-384'],
  ])(
    'sets what holds for the verifier of Glance: %s over %s',
    async ([kind, hash], { onTestFinished: later }) => {
      const { words, data, publicKey } = await signed(later, kind);
      const id = newId(demo, later);
      // this cloud has no key manager, so Glance takes the properties and then refuses the data
      await demo.tglance(`${words} --id ${id} --sign-hash-method ${hash} --keep-failed`);
      const image = await look(demo, id);
      expect(image).toMatchObject({ img_signature_key_type: kind, img_signature_hash_method: hash });
      const verify = (bytes: Uint8Array) =>
        start(['/usr/bin/python3', '-c', cursive, JSON.stringify(image), publicKey], { input: bytes }).ended;
      expect(await verify(data)).toMatchObject({ code: 0, err: '' });
      expect((await verify(randomBytes(100_000))).err).toContain('InvalidSignature');
    },
  );

  it('leaves no record behind when Glance does not find the certificate', async ({
    onTestFinished: later,
  }) => {
    const { words } = await signed(later);
    const id = newId(demo, later);
    const { code, out, err } = await demo.tglance(`${words} --id ${id}`);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`Unable to retrieve certificate with ID: ${certificate}`);
    expect(await look(demo, id)).toBeUndefined();
  });
});

describe('image-create --volume', () => {
  it('says that this cloud has no Block Storage service', async () => {
    const { code, out, err } = await demo.tglance('image-create --name copy --volume disk');
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain('the catalog has no volumev3 service, only ');
  });
});

describe('image-delete --wait', () => {
  it('comes back when the image is gone', async ({ onTestFinished: later }) => {
    const id = newId(demo, later);
    await demo.says(`image-create --id ${id}`);
    expect(await demo.says(`image-delete --wait ${id}`)).toBe('');
    expect(await look(demo, id)).toBeUndefined();
  });
});
