import { admin, demo, type Line, long, misfit, notShown, ns, rules } from './line.ts';

/** Objects of the namespace that was made. */
export const objects: readonly Line[] = [
  admin(`POST ${ns}/objects`, 201, {
    json: { name: 'o1', description: 'd', required: ['p'], properties: { p: { ...rules, default: 1 } } },
  }),
  admin(`POST ${ns}/objects`, 201, { json: { name: 'o2' } }),
  admin(`POST ${ns}/objects`, 409, {
    json: { name: 'o1' },
    words: 'A metadata definition object with name=o1 already exists in namespace={mine}.',
  }),
  admin(`POST ${ns}/objects`, 400, {
    json: { name: 'x', properties: { p: { title: 'P' } } },
    ...misfit('object', "'type' is a required property"),
  }),
  admin(`POST ${ns}/objects`, 400, {
    json: { name: 'x', properties: { p: { ...rules, colour: 1 } } },
    ...misfit('property', "Additional properties are not allowed ('colour' was unexpected)"),
  }),
  admin(`POST ${ns}/objects`, 400, {
    json: { name: 'x', required: ['a', 'a'] },
    ...misfit('object', "['a', 'a'] has non-unique elements"),
  }),
  admin(`POST ${ns}/objects`, 400, { json: { name: long }, ...misfit('object', `'${long}' is too long`) }),
  admin(`POST ${ns}/objects`, 403, {
    json: { name: 'x', self: 'x' },
    words: "Attribute 'self' is read-only.",
  }),
  admin(`POST ${ns}/objects`, 500, { json: { name: 'x', properties: { p: { ...rules, required: ['a'] } } } }),
  admin(`GET ${ns}/objects`, 200),
  admin(`GET ${ns}/objects?limit=1`, 200),
  admin(`GET ${ns}/objects?limit=0`, 400, { words: 'limit param must be positive' }),
  admin(`GET ${ns}/objects?limit=x`, 400, { words: 'limit param must be an integer' }),
  admin(`GET ${ns}/objects?sort_dir=up`, 400, { words: 'Invalid sort direction: up' }),
  admin(`GET ${ns}/objects/o2`, 200),
  admin(`GET ${ns}/objects/none`, 404, { words: 'Could not find metadata object none' }),
  admin(`DELETE ${ns}/objects/none`, 404, { words: 'Could not find metadata object none' }),
  admin(`PUT ${ns}/objects/none`, 404, { json: { name: 'x' }, words: 'Could not find metadata object none' }),
  admin(`PUT ${ns}/objects/o2`, 409, {
    json: { name: 'o1' },
    words:
      'Invalid update. It would result in a duplicate metadata definition object with the same name=o2 in namespace={mine}.',
  }),
  admin(`PUT ${ns}/objects/o2`, 500, { json: { name: 'o2', properties: { p: { ...rules, colour: 1 } } } }),
  admin(`PUT ${ns}/objects/o2`, 200, { json: { name: 'o4', required: ['a,b', 'c'] } }),
  admin(`GET ${ns}/objects/o4`, 200),
  admin('GET /namespaces/nowhere/objects', 404, {
    words: 'Metadata definition namespace=nowhere was not found.',
  }),
  admin('POST /namespaces/nowhere/objects', 404, {
    json: { name: 'x' },
    words: 'Metadata definition namespace=nowhere was not found.',
  }),
  demo(`GET ${ns}/objects`, 404, notShown),
  demo(`POST ${ns}/objects`, 404, { json: { name: 'x' }, ...notShown }),
];
