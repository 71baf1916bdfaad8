import type { App } from '../define/app.ts';
import { beyond, oneOf, text, type Values } from '../define/option.ts';
import { UsageError } from '../errors.ts';
import { hashMethods, openKey, signing } from '../transfer/sign.ts';
import type { Source } from '../transfer/source.ts';
import { watched } from '../transfer/watched.ts';

/** Who vouches for the data of a new image. */
export const signOptions = beyond({
  sign_key_path: text('--sign-key-path <PEM>', 'Private key to sign the data of --file with', {
    complete: 'file',
  }),
  sign_cert_id: text('--sign-cert-id <UUID>', "ID of the key's certificate in the cloud's key manager"),
  sign_hash_method: oneOf(
    '--sign-hash-method <METHOD>',
    `Hash that is signed, ${hashMethods[0]} if not said`,
    hashMethods,
  ),
});

/** The properties of an image by which the cloud verifies its data, as names and values. */
type Proof = readonly (readonly [string, string])[];

/**
 * Gets ready to sign the data of `source`, when the options want it: refuses what cannot be, and asks for the
 * passphrase of the key. What comes back reads the data, and is called before the image is made: Glance looks at the
 * properties when the data come.
 */
export async function signer(
  app: App,
  source: Source | undefined,
  options: Values<typeof signOptions> & { file?: string; progress?: boolean | 'json' },
): Promise<() => Promise<Proof>> {
  const { sign_key_path: path, sign_cert_id: certificate, sign_hash_method: given } = options;
  if ([path, certificate, given].every((word) => word === undefined)) return async () => [];
  if (!path || !certificate) {
    throw new UsageError('Signing takes both --sign-key-path and --sign-cert-id');
  }
  if (source === undefined || options.file === undefined || options.file === '-') {
    throw new UsageError('Signing takes --file: data from standard input cannot be read twice');
  }
  if (!source.again) throw new UsageError(`${source.name} cannot be signed: it can be read only once`);
  const method = given ?? hashMethods[0];
  const key = await openKey(path, () => app.stdio.ask(`Passphrase of ${path}: `));
  const sign = signing(key, method);
  return async () => {
    const meter = app.meter(source.name, source.size, options.progress ?? false);
    meter.stage('signing', { total: source.size });
    try {
      for await (const _ of watched(source, [sign, meter]).chunks()) app.signal.throwIfAborted();
    } finally {
      meter.stop();
    }
    return [
      ['img_signature', Buffer.from(sign.signature()).toString('base64')],
      ['img_signature_certificate_uuid', certificate],
      ['img_signature_hash_method', method],
      ['img_signature_key_type', key.type],
    ];
  };
}
