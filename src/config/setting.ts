import type { Option } from '../define/option.ts';
import { UsageError } from '../errors.ts';

/** One setting of the connection: everything there is to know of it, for parsing, resolving, help and redaction. */
export interface Setting {
  /** In the form of an Option's; undefined when only files and variables can say it. */
  readonly flags: string | undefined;
  readonly about: string;
  /** Variables, first one first; empty ones count as unset. */
  readonly env: readonly string[];
  /** Keys of a cloud's entry, first one first; what is under `auth` may also stand beside it. */
  readonly cloud: readonly string[];
  /** From the word of a flag, variable or file to the value, or a UsageError. */
  readonly read: (word: string) => string;
  /** A flag without a value, meaning 'true'. */
  readonly bare: boolean;
  readonly fallback: string | undefined;
  readonly complete: Option['complete'];
  /** Unknown to glance: a beginning that also fits one of glance's options means that one. */
  readonly beyond: boolean;
  /** Never shown. */
  readonly secret: boolean;
  /** Says how to connect, not as whom: its variables apply beside a named cloud, and by themselves choose no cloud. */
  readonly ambient: boolean;
}

/** A row of the settings: most have a plain word that somebody must have said. */
export const setting = (
  flags: string | undefined,
  about: string,
  env: readonly string[],
  cloud: readonly string[] = [],
  extra: Partial<Setting> = {},
): Setting => ({
  flags,
  about,
  env,
  cloud,
  read: (word) => word,
  bare: false,
  fallback: undefined,
  complete: undefined,
  beyond: false,
  secret: false,
  ambient: false,
  ...extra,
});

/** 'true' or 'false', in any of the spellings that oslo knows. */
export function readTruth(word: string): string {
  if (/^(true|yes|on|y|t|1)$/i.test(word)) return 'true';
  if (/^(false|no|off|n|f|0)$/i.test(word)) return 'false';
  throw new UsageError(`'${word}' is not a boolean: say true or false`);
}
