import type { Adapter, AdapterPayload } from 'oidc-provider';

/** What a provider knows, for as long as it runs. */
export interface ProviderMemory {
  readonly adapter: (kind: string) => Adapter;
  /** The IDs of all things of these kinds; those of tokens and codes are the words themselves. */
  ids(...kinds: readonly string[]): readonly string[];
}

/** An empty memory. What has expired is the provider's own to notice. */
export function providerMemory(): ProviderMemory {
  const things = new Map<string, Map<string, AdapterPayload>>();
  return {
    adapter: (kind) => {
      const kept = things.get(kind) ?? new Map<string, AdapterPayload>();
      things.set(kind, kept);
      return adapterOf(kept);
    },
    ids: (...kinds) => kinds.flatMap((kind) => [...(things.get(kind)?.keys() ?? [])]),
  };
}

function adapterOf(kept: Map<string, AdapterPayload>): Adapter {
  const findBy = async (key: 'uid' | 'userCode', word: string) =>
    [...kept.values()].find((it) => it[key] === word);
  return {
    upsert: async (id, payload) => void kept.set(id, payload),
    find: async (id) => kept.get(id),
    findByUid: (uid) => findBy('uid', uid),
    findByUserCode: (code) => findBy('userCode', code),
    consume: async (id) =>
      void Object.assign(kept.get(id) ?? {}, { consumed: Math.floor(Date.now() / 1000) }),
    destroy: async (id) => void kept.delete(id),
    revokeByGrantId: async (grant) => {
      for (const [id, { grantId }] of kept) if (grantId === grant) kept.delete(id);
    },
  };
}
