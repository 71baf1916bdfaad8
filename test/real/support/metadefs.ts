/*
 * What is compared with python-glanceclient in the commands of metadata definitions. {ns} is a namespace with the
 * contents below, {bare} one with nothing, {new} one that is not there; {file} is a file to import {new} from, {shown}
 * another one with what only answers have.
 */

const sentence = 'A place in a rack, some-hyphened-words and/or slashes, again and again. ';

/** What a namespace has in it that lines are about. */
export const contents = {
  display_name: 'Racks 日本語',
  description: sentence.repeat(3).trim(),
  resource_type_associations: [
    { name: 'OS::Nova::Flavor', prefix: 'rack:' },
    { name: 'OS::Glance::Image', prefix: 'rack_', properties_target: 'image' },
    { name: 'OS::Nova::Server' },
  ],
  properties: {
    height: { title: 'Height in units', type: 'integer', minimum: 1, maximum: 52, default: 4 },
    material: {
      ...{ title: '材料', type: 'string', description: sentence.repeat(2).trim() },
      enum: ['steel', 'glass', 'größe', `a-${'very-'.repeat(20)}long-one`],
    },
    doors: {
      ...{ title: 'Doors', type: 'array', items: { type: 'string', enum: ['front', 'back'] } },
      ...{ uniqueItems: true, minItems: 0, operators: ['<or>'], readonly: false },
    },
  },
  objects: [
    {
      name: 'Slot',
      description: sentence.repeat(2).trim(),
      required: ['at'],
      properties: {
        at: { title: 'At', type: 'integer', minimum: 1 },
        side: { title: 'Side', type: 'string', description: sentence, enum: ['left', 'right'] },
      },
    },
    { name: '漢字の名前', description: '漢字'.repeat(40) },
    { name: 'Silent' },
    { name: `long-${'name-'.repeat(14)}`, description: 'x'.repeat(120) },
  ],
  tags: [{ name: 'steel' }, { name: 'glass' }, { name: 'größe' }],
};

/** Lines that print the same, and change nothing. */
export const reads = [
  'md-namespace-list',
  'md-namespace-list --page-size 3',
  'md-namespace-list --visibility public',
  'md-namespace-list --visibility private --page-size 1',
  'md-namespace-list --resource-types OS::Nova::Server',
  'md-namespace-list --resource-types OS::Nova::Server --resource-types OS::Nova::Flavor --page-size=2',
  'md-namespace-list --resource-types nothing',
  'md-namespace-show {ns}',
  'md-namespace-show {bare}',
  'md-namespace-show {ns} --max-column-width 20',
  'md-namespace-show {ns} --max-col 200',
  'md-namespace-show {ns} --resource-type OS::Nova::Flavor',
  'md-namespace-show {ns} --resource-type nothing',
  'md-namespace-resource-type-list {ns}',
  'md-namespace-resource-type-list {bare}',
  'md-resource-type-list',
  'md-property-list {ns}',
  'md-property-list {bare}',
  'md-property-show {ns} height',
  'md-property-show {ns} material',
  'md-property-show {ns} doors --max-column-width 12',
  'md-object-list {ns}',
  'md-object-list {bare}',
  'md-object-show {ns} Slot',
  'md-object-show {ns} Slot --max-column-width 30',
  'md-object-show {ns} Silent',
  'md-object-property-show {ns} Slot side',
  'md-object-property-show {ns} Slot at --max-column-width 5',
  'md-tag-list {ns}',
  'md-tag-list {bare}',
  'md-tag-show {ns} steel',
];

/** Lines that change something. */
export const deeds = [
  'md-namespace-create {new}',
  'md-namespace-create {new} --display-name A --description B --visibility public --protected no --owner C',
  'md-namespace-import --file {file}',
  'md-namespace-update {ns}',
  'md-namespace-update {ns} --namespace {new} --description B --visibility public --owner C',
  'md-namespace-delete {ns}',
  'md-namespace-objects-delete {ns}',
  'md-namespace-properties-delete {ns}',
  'md-namespace-tags-delete {ns}',
  'md-resource-type-associate {ns} --name OS::Cinder::Volume --prefix rack_ --properties-target image',
  'md-resource-type-associate {ns} --name OS::Cinder::Volume',
  'md-resource-type-deassociate {ns} OS::Nova::Flavor',
  'md-property-create {ns} --name width --title Width --schema {"type":"integer","default":19}',
  'md-property-create {ns} --name width --title Width --schema {"type":"string","title":"won"}',
  'md-property-update {ns} height --name depth --title Depth --schema {"minimum":2}',
  'md-property-update {ns} doors',
  'md-property-delete {ns} height',
  'md-object-create {ns} --name Door --schema {"description":"d","required":["a"]}',
  'md-object-create {ns} --name Door --schema {}',
  'md-object-update {ns} Slot --name Place --schema {"description":"d"}',
  'md-object-update {ns} Silent',
  'md-object-delete {ns} Slot',
  'md-tag-create {ns} --name wood',
  'md-tag-create-multiple {ns} --names wood,,iron',
  'md-tag-create-multiple {ns} --names a;b,c --delim ;',
  'md-tag-update {ns} steel --name metal',
  'md-tag-delete {ns} steel',
];

/** Lines that neither client does. */
export const refusals = [
  'md-namespace-create',
  'md-namespace-create {ns}',
  'md-namespace-create {new} --visibility shared',
  'md-namespace-import',
  'md-namespace-import --file /nowhere',
  'md-namespace-import --file /etc/hostname',
  'md-namespace-update {new} --description B',
  'md-namespace-show',
  'md-namespace-show {new}',
  'md-namespace-show {ns} --max-column-width wide',
  'md-namespace-list --visibility shared',
  'md-namespace-list --page-size many',
  'md-namespace-list --page-size -1',
  'md-namespace-delete {new}',
  'md-namespace-objects-delete {new}',
  'md-namespace-resource-type-list {new}',
  'md-resource-type-associate {ns} --prefix x_',
  'md-resource-type-associate {ns} --name OS::Nova::Flavor',
  'md-resource-type-deassociate {ns} nothing',
  'md-property-create {ns} --name x --title X',
  'md-property-create {ns} --name x --title X --schema {}',
  'md-property-create {ns} --name x --title X --schema x',
  'md-property-create {ns} --name height --title X --schema {"type":"string"}',
  'md-property-create {ns} --name x --title X --schema {"type":"colour"}',
  'md-property-update {ns} nothing --title X',
  'md-property-update {ns} height --schema x',
  'md-property-show {ns} nothing',
  'md-property-delete {ns} nothing',
  'md-object-create {ns} --name x',
  'md-object-create {ns} --name x --schema x',
  'md-object-create {ns} --name Slot --schema {}',
  'md-object-update {ns} nothing --name x',
  'md-object-show {ns} nothing',
  'md-object-property-show {ns} Slot nothing',
  'md-object-delete {ns} nothing',
  'md-tag-create {ns}',
  'md-tag-create {ns} --name steel',
  'md-tag-create-multiple {ns} --names ,',
  'md-tag-create-multiple {ns} --names a,a',
  'md-tag-update {ns} steel --name glass',
  'md-tag-show {ns} nothing',
  'md-tag-delete {ns} nothing',
];

/** Where tglance does otherwise, and why; the numbers are exit codes. */
export const differences = [
  {
    why: 'glance 4.1 has no --type, later ones want it',
    line: 'md-property-create {ns} --name x --title X --type string --schema {}',
    ...{ theirs: 2, ours: 0 },
  },
  {
    why: 'glance breaks over --append',
    line: 'md-tag-create-multiple {ns} --names wood --append',
    ...{ theirs: 1, ours: 0 },
  },
  {
    why: 'glance sends resource types in a form that Glance refuses',
    line: 'md-namespace-create {new} --resource-type-associations OS::Nova::Flavor',
    ...{ theirs: 1, ours: 0 },
  },
  {
    why: 'what was shown as JSON can be imported, links and times and all',
    line: 'md-namespace-import --file {shown}',
    ...{ theirs: 1, ours: 0 },
  },
  {
    why: 'a name is no part of a path',
    line: 'md-namespace-delete {ns}/tags',
    ...{ theirs: 0, ours: 2 },
  },
  {
    why: 'only 4.1 takes any word for no',
    line: 'md-namespace-create {new} --protected maybe',
    ...{ theirs: 0, ours: 2 },
  },
];
