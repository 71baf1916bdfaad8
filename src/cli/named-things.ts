import type { Named } from '../define/option.ts';
import type { Glance } from '../glance/client.ts';
import type { Thing } from './complete.ts';

type Kind = Exclude<Named, 'cloud' | 'setting' | 'setting-value'>;
type Things = AsyncIterable<Thing> | Iterable<Thing>;

/** How each kind of things is asked for; the words are those that a command was given before, such as the image. */
const kinds: Readonly<Record<Kind, (glance: Glance, words: readonly string[]) => Things | Promise<Things>>> =
  {
    image: ({ images }) =>
      each(images.list(byName), ({ id, name, status }) => ({ id, name: name ?? '', about: status })),
    'image-tag': async ({ images }, [image = '']) =>
      ((await images.find(image)).tags ?? []).map((name) => ({ name })),
    member: async ({ images, members }, [image = '']) =>
      each(members.list(await images.idOf(image)), (it) => ({ name: it.member_id, about: it.status })),
    store: async ({ info }) =>
      (await info.stores(false)).stores.map(({ id, description }) => ({ name: id, about: description })),
    'import-method': async ({ info }) => (await info.importMethods()).map((name) => ({ name })),
    task: ({ tasks }) =>
      each(tasks.list([]), ({ id, type, status }) => ({ name: id, about: `${type}, ${status}` })),
    namespace: ({ metadefs }) =>
      each(metadefs.namespaces.list([fullPages]), (it) => ({ name: it.namespace, about: it.display_name })),
    'resource-type': ({ metadefs }) => each(metadefs.resourceTypes.list(), ({ name }) => ({ name })),
    object: ({ metadefs }, [namespace = '']) =>
      each(metadefs.objects.list(namespace), ({ name, description }) => ({ name, about: description })),
    property: async ({ metadefs }, [namespace = '', object]) => {
      if (object === undefined) {
        return (await metadefs.properties.list(namespace)).map(({ name, title }) => ({ name, about: title }));
      }
      const { properties = {} } = await metadefs.objects.show(namespace, object);
      return Object.entries(properties).map(([name, { title }]) => ({ name, about: title }));
    },
    'definition-tag': ({ metadefs }, [namespace = '']) =>
      each(metadefs.tags.list(namespace), ({ name }) => ({ name })),
  };

const fullPages = ['limit', '1000'] as const;
const byName = [fullPages, ['sort_key', 'name'], ['sort_dir', 'asc']] as const;

/** Whether it is a kind of things that the cloud can be asked for. */
export const isKind = (word: string): word is Kind => Object.hasOwn(kinds, word);

/** What the cloud has of a kind. */
export async function* thingsOf(kind: Kind, glance: Glance, words: readonly string[]): AsyncIterable<Thing> {
  yield* await kinds[kind](glance, words);
}

async function* each<T>(pages: AsyncIterable<readonly T[]>, thing: (item: T) => Thing): AsyncIterable<Thing> {
  for await (const page of pages) yield* page.map(thing);
}
