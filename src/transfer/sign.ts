import { constants, createPrivateKey, createSign, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { UsageError } from '../errors.ts';
import { cannot } from './system.ts';
import type { Watcher } from './watch.ts';

/** A watcher that signs; `signature` tells the signature once everything has been seen. */
export interface Signing extends Watcher {
  signature(): Uint8Array;
}

/**
 * Signs what passes, in the way in which OpenStack verifies it: RSA by PSS with the longest salt, ECDSA and DSA in DER.
 * https://docs.openstack.org/glance/latest/user/signature.html
 */
export function signing({ name, key }: SigningKey, method: HashMethod): Signing {
  const begun = () => createSign(method.replace('-', ''));
  const how = {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING, // of no meaning for the other kinds
    saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN,
  };
  try {
    begun().sign(how); // or it would be known only after all the data have been read
  } catch (cause) {
    throw new UsageError(`The key in ${name} cannot sign by ${method}: ${wordsOf(cause)}`, { cause });
  }
  let sign = begun();
  return {
    works: true,
    start() {
      sign = begun();
    },
    see(chunk) {
      sign.update(chunk);
    },
    signature: () => sign.sign(how),
  };
}

/** The hashes that a signature can be made over, in the words of `img_signature_hash_method`; the usual one first. */
export const hashMethods = ['SHA-256', 'SHA-224', 'SHA-384', 'SHA-512'] as const;
export type HashMethod = (typeof hashMethods)[number];

/** A private key that signs images. */
export interface SigningKey {
  /** What a message calls it. */
  readonly name: string;
  /** The word of `img_signature_key_type`. */
  readonly type: string;
  readonly key: KeyObject;
}

/** Reads a private key in PEM; `ask` is asked for the passphrase if it is encrypted, and gives none where it cannot ask. */
export async function openKey(path: string, ask: () => Promise<string | undefined>): Promise<SigningKey> {
  const pem = await readFile(path, 'latin1').catch((error: unknown) => {
    throw cannot('read', path, error);
  });
  const key = isEncrypted(pem) ? decrypted(path, pem, await ask()) : plain(path, pem);
  const type = typeOf(key);
  if (type !== undefined) return { name: path, type, key };
  const kind = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType;
  throw new UsageError(
    `OpenStack verifies by RSA, DSA and the curves ${curves.join(', ')}, not by the key in ${path}, which is ${kind}`,
  );
}

/** By the marks of RFC 5958 and RFC 1421: what OpenSSL says of it differs from one version of Node to the next. */
const isEncrypted = (pem: string) =>
  /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem);

function plain(path: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new UsageError(`${path} holds no private key in PEM: ${wordsOf(cause)}`, { cause });
  }
}

function decrypted(path: string, key: string, passphrase: string | undefined): KeyObject {
  if (passphrase === undefined) {
    throw new UsageError(
      `The key in ${path} is encrypted, and there is no terminal to ask for its passphrase`,
    );
  }
  try {
    return createPrivateKey({ key, passphrase });
  } catch (cause) {
    throw new UsageError(`The passphrase does not open the key in ${path}: ${wordsOf(cause)}`, { cause });
  }
}

/** The curves that https://opendev.org/openstack/cursive verifies by; only those of 384 bits and more. */
const curves = ['secp384r1', 'secp521r1', 'sect409k1', 'sect409r1', 'sect571k1', 'sect571r1'];

function typeOf({ asymmetricKeyType: kind, asymmetricKeyDetails: details }: KeyObject): string | undefined {
  if (kind === 'rsa') return 'RSA-PSS';
  if (kind === 'dsa') return 'DSA';
  const curve = details?.namedCurve;
  return curve !== undefined && curves.includes(curve) ? `ECC_${curve.toUpperCase()}` : undefined;
}

/** OpenSSL's errors are `error:1E08010C:DECODER routines::unsupported`; people need the end. */
const wordsOf = (cause: unknown) =>
  cause instanceof Error ? cause.message.replace(/^error:.*:/, '') : String(cause);
