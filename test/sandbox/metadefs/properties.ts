import { admin, demo, type Line, misfit, notShown, notThere, ns, rules } from './line.ts';

/** Properties of the namespace that was made. */
export const properties: readonly Line[] = [
  admin(`POST ${ns}/properties`, 201, {
    json: { name: 'p1', ...rules, default: 5, enum: ['a', null], operators: ['<or>'], readonly: true },
  }),
  admin(`POST ${ns}/properties`, 201, { json: { name: 'p2', ...rules, minimum: 1.7, maximum: -2.7 } }),
  admin(`POST ${ns}/properties`, 201, {
    json: { name: 'p3', ...rules, default: true, items: { type: 'string', enum: ['a'] }, minItems: 1 },
  }),
  admin(`POST ${ns}/properties`, 201, { json: { name: 'p4', ...rules, default: ['a'] } }),
  admin(`POST ${ns}/properties`, 409, {
    json: { name: 'p1', ...rules },
    words: 'A metadata definition property with name=p1 already exists in namespace={mine}.',
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { ...rules },
    ...misfit('property', "'name' is a required property"),
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { name: 'x', title: 'X', type: 'text' },
    ...misfit(
      'property',
      "'text' is not one of ['array', 'boolean', 'integer', 'number', 'object', 'string', None]",
    ),
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { name: 'x', ...rules, colour: 1 },
    ...misfit('property', "Additional properties are not allowed ('colour' was unexpected)"),
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { name: 'x', ...rules, minItems: -1 },
    ...misfit('property', '-1 is less than the minimum of 0'),
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { name: 'x', ...rules, minLength: 1.5 },
    ...misfit('property', "1.5 is not of type 'integer'"),
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { name: 'x', ...rules, required: [] },
    ...misfit('property', '[] is too short'),
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { name: 'x', ...rules, required: ['a', 'a'] },
    ...misfit('property', "['a', 'a'] has non-unique elements"),
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { name: 'x', ...rules, default: 'é' },
    words:
      'Error decoding your request. Either the URL or the request body contained characters that could not be decoded by Glance',
  }),
  admin(`POST ${ns}/properties`, 500, { json: { name: 'x', ...rules, enum: [1] } }),
  admin(`POST ${ns}/properties`, 500, { json: { name: 'x', ...rules, required: ['a'] } }),
  admin(`POST ${ns}/properties`, 500, { json: { name: 'x', ...rules, items: {} } }),
  admin(`POST ${ns}/properties`, 403, {
    json: { name: 'x', ...rules, created_at: 'x' },
    words: "Attribute 'created_at' is read-only.",
  }),
  admin(`GET ${ns}/properties`, 200),
  admin(`GET ${ns}/properties/p1`, 200),
  admin(`GET ${ns}/properties/none`, 404, { words: 'Could not find property none' }),
  admin(`DELETE ${ns}/properties/none`, 404, { words: 'Could not find property none' }),
  admin(`PUT ${ns}/properties/none`, 404, {
    json: { name: 'x', ...rules },
    words: 'Could not find property none',
  }),
  admin(`PUT ${ns}/properties/p1`, 409, {
    json: { name: 'p2', ...rules },
    words:
      'Invalid update. It would result in a duplicate metadata definition property with the same name=p1 in namespace={mine}.',
  }),
  admin(`PUT ${ns}/properties/p1`, 200, { json: { name: 'p0', ...rules } }),
  admin(`DELETE ${ns}/properties/p2`, 204),
  admin(`GET ${ns}/properties`, 200),
  admin('GET /namespaces/nowhere/properties', 404, notThere),
  admin('GET /namespaces/nowhere/properties/p', 404, notThere),
  admin('POST /namespaces/nowhere/properties', 404, { json: { name: 'x', ...rules }, ...notThere }),
  demo(`GET ${ns}/properties`, 404, notShown),
];
