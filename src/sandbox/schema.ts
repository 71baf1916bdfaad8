/** As much of JSON Schema as the Image service uses. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly (string | null)[];
  readonly pattern?: string;
  readonly format?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly default?: unknown;
  readonly readOnly?: boolean;
  /** False for properties that a site adds: they come and go like users' own. */
  readonly is_base?: boolean;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  /** False where there may be none. */
  readonly additionalProperties?: Schema | false;
  readonly required?: readonly string[];
  readonly allOf?: readonly Schema[];
  /** `#/definitions/NAME`: one of those of the whole schema. */
  readonly $ref?: string;
  readonly definitions?: Definitions;
}

export type Definitions = Readonly<Record<string, Schema>>;

export const uuid = '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$';

const text = (description: string, more: Schema = {}): Schema => ({ type: 'string', description, ...more });
const maybeText = (description: string, more: Schema = {}): Schema => ({
  type: ['null', 'string'],
  description,
  ...more,
});
const whole = (description: string): Schema => ({ type: 'integer', description });
const onOff = (description: string): Schema => ({ type: 'boolean', description });
const object = (description: string): Schema => ({ type: ['null', 'object'], description });
const kept = { readOnly: true } as const;
const site = { is_base: false } as const;
const formats = (...names: string[]) => ({ enum: [null, ...names] });

/** What the data at a location must hash to. */
const proof = {
  os_hash_algo: { type: 'string', maxLength: 64 },
  os_hash_value: { type: 'string', maxLength: 128 },
} as const;

/** What an image is made of: the same data answer GET /v2/schemas/image, check requests and say what is read-only. */
export const imageProperties: Readonly<Record<string, Schema>> = {
  id: text('Identifies the image', { pattern: uuid }),
  name: maybeText('What people call the image', { maxLength: 255 }),
  status: text('Where the image stands in its life', {
    ...kept,
    enum: [
      'queued',
      'saving',
      'active',
      'killed',
      'deleted',
      'uploading',
      'importing',
      'pending_delete',
      'deactivated',
    ],
  }),
  visibility: text('Who may use the image', { enum: ['community', 'public', 'private', 'shared'] }),
  protected: onOff('Whether deleting the image is refused'),
  os_hidden: onOff('Whether lists leave the image out unless asked for it'),
  checksum: maybeText('MD5 of the data', { ...kept, maxLength: 32 }),
  os_hash_algo: maybeText('How os_hash_value was computed', { ...kept, maxLength: 64 }),
  os_hash_value: maybeText('Digest of the data by os_hash_algo, in hexadecimal', { ...kept, maxLength: 128 }),
  owner: maybeText('Project that the image belongs to', { maxLength: 255 }),
  size: { type: ['null', 'integer'], description: 'Bytes of the data', ...kept },
  virtual_size: {
    type: ['null', 'integer'],
    description: 'Bytes of the disk that the data describe',
    ...kept,
  },
  container_format: maybeText(
    'What is wrapped around the disk',
    formats('ami', 'ari', 'aki', 'bare', 'ovf', 'ova', 'docker', 'compressed'),
  ),
  disk_format: maybeText(
    'How the disk is written down',
    formats('ami', 'ari', 'aki', 'vhd', 'vhdx', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso', 'ploop'),
  ),
  created_at: text('When the record was made', kept),
  updated_at: text('When the record was last changed', kept),
  tags: {
    type: 'array',
    description: 'Words attached to the image',
    items: { type: 'string', maxLength: 255 },
  },
  direct_url: text('Where the store keeps the data', kept),
  min_ram: whole('MiB of memory that a server needs to boot it'),
  min_disk: whole('GiB of disk that a server needs to boot it'),
  self: text('Path of the image', kept),
  file: text('Path of the data', kept),
  stores: text('Stores that hold the data, separated by commas', kept),
  schema: text('Path of the schema of an image', kept),
  locations: {
    type: 'array',
    description: 'URLs of the data in their stores',
    items: {
      type: 'object',
      properties: {
        url: { type: 'string', maxLength: 255 },
        metadata: { type: 'object' },
        validation_data: {
          type: 'object',
          properties: { checksum: { type: 'string', maxLength: 32 }, ...proof },
          required: ['os_hash_algo', 'os_hash_value'],
          additionalProperties: false,
        },
      },
      required: ['url', 'metadata'],
    },
  },
  architecture: text('Processor that the system inside was made for', site),
  cinder_encryption_key_id: text('Key that a volume made from the image is opened with', site),
  cinder_encryption_key_deletion_policy: text('When that key is deleted', {
    ...site,
    enum: ['on_image_deletion', 'do_not_delete'],
  }),
  description: text('What the image is for, in a sentence', site),
  instance_uuid: text('Server that the image was taken from', site),
  kernel_id: maybeText('Image with the kernel', { ...site, pattern: uuid }),
  os_distro: text('Short name of the system inside', site),
  os_version: text('Version of the system inside, as its makers write it', site),
  ramdisk_id: maybeText('Image with the initial RAM disk', { ...site, pattern: uuid }),
};

const memberProperties: Readonly<Record<string, Schema>> = {
  member_id: text('Project that the image is shared with'),
  image_id: text('Image that is shared', { pattern: uuid }),
  created_at: text('When it was shared'),
  updated_at: text('When the status last changed'),
  status: text('What the project said to it', { enum: ['pending', 'accepted', 'rejected'] }),
  schema: { type: 'string', ...kept },
};

const taskStub: Readonly<Record<string, Schema>> = {
  id: text('Identifies the task', { pattern: uuid }),
  type: text('What is done', { enum: ['import', 'api_image_import'] }),
  status: text('How far it is', { enum: ['pending', 'processing', 'success', 'failure'] }),
  owner: text('Project that asked for it'),
  image_id: text('Image that it works on'),
  request_id: text('Request that asked for it'),
  user_id: text('User who asked for it'),
  expires_at: maybeText('When the record may be removed'),
  created_at: text('When it was asked for'),
  updated_at: text('When it last moved'),
  self: { type: 'string', ...kept },
  schema: { type: 'string', ...kept },
};
const taskProperties: Readonly<Record<string, Schema>> = {
  ...taskStub,
  input: object('What it was asked to do'),
  result: object('What came of it'),
  message: text('What there is to say about it, mostly why it failed'),
};

const imageSchema = {
  name: 'image',
  properties: imageProperties,
  additionalProperties: { type: 'string' },
  links: [link('self'), link('file', 'enclosure'), link('schema', 'describedby')],
} as const;

/** What GET /v2/schemas/NAME answers. */
export const schemas: Readonly<Record<string, object>> = {
  image: imageSchema,
  images: collection('images', imageSchema, ['first', 'next']),
  member: { name: 'member', properties: memberProperties },
  members: collection('members', { name: 'member', properties: memberProperties }, []),
  task: { name: 'task', properties: taskProperties },
  tasks: collection('tasks', { name: 'task', properties: taskStub }, []),
};

/** The schema of an image as requests are checked against it, and those of a task and of a new location. */
export const imageObject: Schema = { type: 'object', ...imageSchema };
export const taskObject: Schema = {
  type: 'object',
  properties: taskProperties,
  additionalProperties: false,
};
export const locationObject: Schema = {
  type: 'object',
  properties: {
    url: { type: 'string' },
    validation_data: {
      type: 'object',
      properties: { ...proof, os_hash_algo: { enum: ['sha1', 'sha256', 'sha512', 'md5'] } },
      additionalProperties: false,
    },
  },
  required: ['url'],
};

/** The schema of a list, which has links to its pages. */
export function collection(name: string, items: object, pages: readonly string[]): object {
  return paged(name, { type: 'array', items }, pages);
}

/** The same of what is no list but has pages: `things` is its own schema. */
export function paged(name: string, things: object, pages: readonly string[]): object {
  return {
    name,
    properties: {
      [name]: things,
      ...Object.fromEntries([...pages, 'schema'].map((it) => [it, { type: 'string' }])),
    },
    links: [...pages.map((it) => link(it)), link('schema', 'describedby')],
  };
}

function link(field: string, rel = field) {
  return { rel, href: `{${field}}` };
}
