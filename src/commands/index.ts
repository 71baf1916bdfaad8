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
  ...noun('Sharing', () => import('./image-member.ts'), {
    'member-list': ['list', 'List the projects that an image is shared with'],
    'member-get': ['show', 'Show what a project said to an image'],
    'member-create': ['create', 'Share an image with a project'],
    'member-update': ['update', 'Accept or reject an image that is shared'],
    'member-delete': ['remove', 'Share an image with a project no longer'],
  }),
  ...noun('Locations and copies', () => import('./image-location.ts'), {
    'location-add': ['add', 'Say where data of an image lie'],
    'location-update': ['update', 'Change what is noted of a location'],
    'location-delete': ['remove', 'Forget locations of an image'],
    'add-location': ['register', 'Give an image the address of its data'],
  }),
  ...noun('Locations and copies', () => import('./store.ts'), {
    'stores-delete': ['deleteCopy', "Delete an image's data from one store"],
  }),
  ...noun('Cache', () => import('./cache.ts'), {
    'cache-list': ['list', 'List the images in the cache and its queue'],
    'cache-queue': ['queue', 'Have images copied into the cache'],
    'cache-delete': ['remove', 'Delete images from the cache or its queue'],
    'cache-clear': ['clear', 'Empty the cache, its queue, or both'],
    'cache-clean': ['clean', 'Remove broken and unfinished copies'],
    'cache-prune': ['prune', 'Shrink the cache to the size it may have'],
    'cache-nodes': ['nodes', 'List the servers that have an image cached'],
  }),
  ...noun('Tasks', () => import('./task.ts'), {
    'image-tasks': ['ofImage', 'List the tasks for an image'],
    'task-list': ['list', "List the service's tasks"],
    'task-show': ['show', 'Show one task'],
    'task-create': ['create', 'Start a task'],
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
