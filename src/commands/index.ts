import { noun } from '../define/catalog.ts';

/** Everything the program can do, in the order of its help. */
export const catalog = [
  ...noun('Images', () => import('./image.ts'), {
    'image-list': ['list', 'List images you can access'],
    'image-show': ['show', 'Show one image'],
    'image-create': ['create', 'Create an image, with or without its data'],
    'image-update': ['update', 'Change fields and properties of an image'],
    'image-delete': ['remove', 'Delete images'],
    'image-deactivate': ['deactivate', 'Keep an image from being used'],
    'image-reactivate': ['reactivate', 'Allow the use of a deactivated image again'],
  }),
  ...noun('Image data', () => import('./image-data.ts'), {
    'image-upload': ['upload', 'Send the data of an image that has none yet'],
    'image-download': ['download', "Fetch an image's data and verify them"],
  }),
  ...noun('Image data', () => import('./image-import.ts'), {
    'image-create-via-import': ['create', 'Create an image by import, also from a URL'],
    'image-stage': ['stage', 'Send data to where an import takes them from'],
    'image-import': ['start', 'Import staged, fetched or copied data'],
  }),
  ...noun('Tags', () => import('./image-tag.ts'), {
    'image-tag-update': ['update', 'Add a tag to an image'],
    'image-tag-delete': ['remove', 'Take a tag off an image'],
  }),
  ...noun('The cloud', () => import('./info.ts'), {
    'stores-info': ['stores', 'Show the stores of this cloud'],
    'import-info': ['imports', 'Show the ways of importing an image'],
    usage: ['usage', 'Show quotas and how much of them is used'],
    explain: ['explain', 'Describe the fields of a model'],
  }),
  ...noun('Sandbox', () => import('./sandbox.ts'), {
    'sandbox-start': ['start', 'Serve the sandbox cloud on this machine'],
  }),
];
