import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open } from 'lmdb';
import { TglanceError } from '../errors.ts';
import type { Cached } from './cache.ts';
import type { Image } from './image.ts';
import type { Namespace, ResourceType } from './metadefs.ts';
import { privateFile } from './private.ts';
import type { Task } from './tasks.ts';
import type { Token } from './tokens.ts';

/** Who works on an image's data at the moment; an entry whose process is gone is cleared up by the next opening. */
export interface Claim {
  readonly id: string;
  readonly pid: number;
  /** Tells apart processes that get the same number one after the other, as in a container. */
  readonly run: string;
  /** Names the temporary file. */
  readonly nonce: string;
  readonly task: string | undefined;
}

/** Records of one kind by their key. Changes happen inside `Store.change` only. */
export interface Shelf<T> {
  get(key: string): T | undefined;
  all(): readonly T[];
  put(key: string, value: T): void;
  remove(key: string): void;
}

/**
 * All records. Several processes may have the same folder open, and any of them may be killed at any time:
 * what `change` did is there whole or not at all.
 */
export interface Store {
  readonly images: Shelf<Image>;
  readonly tasks: Shelf<Task>;
  /** By the SHA-256 of the token. */
  readonly tokens: Shelf<Token>;
  readonly claims: Shelf<Claim>;
  /** Copies that the server keeps beside itself, by the image's id. */
  readonly cache: Shelf<Cached>;
  /** Ids of deleted images: Glance never gives them out again. */
  readonly deleted: Shelf<true>;
  /** By the SHA-256 of the name, as any name can be asked for. */
  readonly namespaces: Shelf<Namespace>;
  readonly resourceTypes: Shelf<ResourceType>;
  /** Random, made with the store; see `peopleOf`. */
  readonly secret: string;
  /** Makes reads from here on see what other processes have written meanwhile. */
  refresh(): void;
  /** Runs `act` as one transaction; when it throws nothing is changed. */
  change<T>(act: () => T): T;
  close(): Promise<void>;
}

/** Opens the store in `dir`, and makes it when it is not there. */
export function openStore(dir: string): Store {
  const path = join(dir, 'records.mdb');
  // lmdb would make them readable for others; it takes empty files as its own
  for (const file of [path, `${path}-lock`]) privateFile(file);
  checkOwn(path);
  const root = open({ path, noSubdir: true, maxDbs: 16 });
  // JSON and not msgpack: that renames a property called __proto__
  const shelf = <T>(name: string): Shelf<T> => shelve(root.openDB<T, string>({ name, encoding: 'json' }));
  const keys = shelf<string>('keys');
  const change = <T>(act: () => T): T => root.transactionSync(act);
  const secretOnce = () => {
    const kept = keys.get('secret') ?? randomBytes(32).toString('base64url');
    keys.put('secret', kept);
    return kept;
  };
  return {
    images: shelf('images'),
    tasks: shelf('tasks'),
    tokens: shelf('tokens'),
    claims: shelf('claims'),
    cache: shelf('cache'),
    deleted: shelf('deleted'),
    namespaces: shelf('namespaces'),
    resourceTypes: shelf('resource-types'),
    secret: keys.get('secret') ?? change(secretOnce),
    refresh: () => root.resetReadTxn(),
    change,
    close: () => root.close(),
  };
}

const magic = Buffer.from([0xde, 0xc0, 0xef, 0xbe]);

/** lmdb brings the whole process down over a file that is not its own. */
function checkOwn(path: string): void {
  const file = openSync(path, 'r');
  const head = Buffer.alloc(64);
  const size = readSync(file, head);
  closeSync(file);
  if (size > 0 && !head.includes(magic)) throw new TglanceError(`${path} holds no records of a sandbox`);
}

function shelve<T>(records: Database<T, string>): Shelf<T> {
  return {
    get: (key) => records.get(key),
    all: () => Array.from(records.getRange(), ({ value }) => value),
    put: (key, value) => records.putSync(key, value),
    remove: (key) => {
      records.removeSync(key);
    },
  };
}
