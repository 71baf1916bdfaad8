import { noun } from '../define/catalog.ts';

/** Everything the program can do, in the order of its help. */
export const catalog = [
  ...noun('Images', () => import('./image.ts'), {
    'image-list': ['list', 'List images you can access'],
    'image-show': ['show', 'Show one image'],
  }),
  ...noun('Images', () => import('./image-create.ts'), {
    'image-create': ['create', 'Create an image, with or without its data'],
  }),
  ...noun('Images', () => import('./image.ts'), {
    'image-update': ['update', 'Change fields and properties of an image'],
    'image-delete': ['remove', 'Delete images'],
    'image-deactivate': ['deactivate', 'Keep an image from being used'],
    'image-reactivate': ['reactivate', 'Allow the use of a deactivated image again'],
  }),
  ...noun('Image data', () => import('./image-data.ts'), {
    'image-upload': ['upload', 'Send the data of an image that has none yet'],
  }),
  ...noun('Image data', () => import('./image-download.ts'), {
    'image-download': ['download', "Fetch images' data and verify them"],
  }),
  ...noun('Image data', () => import('./image-import.ts'), {
    'image-create-via-import': ['create', 'Create an image by import, also from a URL'],
    'image-stage': ['stage', 'Send data to where an import takes them from'],
    'image-import': ['start', 'Import staged, fetched or copied data'],
  }),
  ...noun('Image data', () => import('./image-look.ts'), {
    'image-inspect': ['inspect', 'Tell what an image is without fetching it'],
    'image-check': ['check', 'Check whether an image can live in a cloud'],
  }),
  ...noun('Image data', () => import('./image-verify.ts'), {
    'image-verify': ['verify', 'Tell whether a file is what an image has'],
    'image-compare': ['compare', 'Find where an image and a file differ'],
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
  ...noun('The cloud', () => import('./api.ts'), {
    api: ['call', 'Make any call to the Image API'],
  }),
  ...noun('Metadata definitions', () => import('./md-namespace.ts'), {
    'md-namespace-list': ['list', 'List namespaces of definitions'],
    'md-namespace-show': ['show', 'Show a namespace and what is in it'],
    'md-namespace-create': ['create', 'Create a namespace'],
    'md-namespace-import': ['createFromFile', 'Create a namespace with its contents from JSON'],
    'md-namespace-update': ['update', 'Change what a namespace says of itself'],
    'md-namespace-delete': ['remove', 'Delete a namespace and everything in it'],
  }),
  ...noun('Metadata definitions', () => import('./md-resource-type.ts'), {
    'md-resource-type-list': ['list', 'List the types of things that have definitions'],
    'md-resource-type-associate': ['associate', 'Say that definitions are for a type of things'],
    'md-resource-type-deassociate': ['deassociate', 'Say that they are not for that type'],
    'md-namespace-resource-type-list': ['ofNamespace', 'List the types that a namespace is for'],
  }),
  ...noun('Metadata definitions', () => import('./md-property.ts'), {
    'md-property-list': ['list', 'List the properties of a namespace'],
    'md-property-show': ['show', 'Show a property and the values it may have'],
    'md-property-create': ['create', 'Define a property'],
    'md-property-update': ['update', 'Change a property'],
    'md-property-delete': ['remove', 'Delete a property'],
    'md-namespace-properties-delete': ['removeAll', 'Delete all properties of a namespace'],
  }),
  ...noun('Metadata definitions', () => import('./md-object.ts'), {
    'md-object-list': ['list', 'List the objects of a namespace'],
    'md-object-show': ['show', 'Show an object, a group of properties'],
    'md-object-property-show': ['showProperty', 'Show one property of an object'],
    'md-object-create': ['create', 'Define an object'],
    'md-object-update': ['update', 'Change an object'],
    'md-object-delete': ['remove', 'Delete an object'],
    'md-namespace-objects-delete': ['removeAll', 'Delete all objects of a namespace'],
  }),
  ...noun('Metadata definitions', () => import('./md-tag.ts'), {
    'md-tag-list': ['list', 'List the tags of a namespace'],
    'md-tag-show': ['show', 'Show a tag'],
    'md-tag-create': ['create', 'Define a tag'],
    'md-tag-create-multiple': ['createSeveral', 'Define several tags, instead of or beside others'],
    'md-tag-update': ['update', 'Rename a tag'],
    'md-tag-delete': ['remove', 'Delete a tag'],
    'md-namespace-tags-delete': ['removeAll', 'Delete all tags of a namespace'],
  }),
  ...noun('Local images', () => import('./file.ts'), {
    'file-inspect': ['inspect', 'Tell what a disk image is, and what is wrong with it'],
    'file-hash': ['hash', 'Hash disk images, or the disks in them'],
  }),
  ...noun('Local images', () => import('./file-convert.ts'), {
    'file-convert': ['convert', 'Write a disk image in another format'],
  }),
  ...noun('Local images', () => import('./file-tree.ts'), {
    'file-ls': ['ls', 'List the files in a disk image'],
    'file-cat': ['cat', 'Print a file that is in a disk image'],
  }),
  ...noun('Local images', () => import('./file-check.ts'), {
    'file-check': ['check', 'Check whether a disk image can live in a cloud'],
  }),
  ...noun('Login', () => import('./login.ts'), {
    whoami: ['whoami', 'Show who is logged in'],
    'token-issue': ['issue', 'Show a token for other programs'],
    'token-revoke': ['revoke', 'End the life of a token and forget it'],
    'catalog-list': ['catalog', 'List the services of the cloud'],
  }),
  ...noun('Settings', () => import('./cloud.ts'), {
    'cloud-list': ['list', 'List the clouds that can be named'],
  }),
  ...noun('Settings', () => import('./config.ts'), {
    'config-list': ['list', 'List the settings and who says them'],
    'config-get': ['get', 'Show one setting and who says it'],
    'config-set': ['set', 'Save a setting for every run to come'],
    'config-unset': ['unset', 'Forget a setting that is saved'],
  }),
  ...noun('Sandbox', () => import('./sandbox.ts'), {
    'sandbox-start': ['start', 'Serve the sandbox cloud on this machine'],
  }),
  ...noun('The program', () => import('./shell.ts'), {
    completion: ['completion', 'Print the completion script of a shell'],
    man: ['manual', 'Print the manual page'],
    'bash-completion': ['bashCompletion', 'Print all commands and options on one line'],
  }),
];
