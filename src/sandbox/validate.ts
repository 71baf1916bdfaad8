import { isObject } from './exchange.ts';
import { refuse } from './refusal.ts';
import type { Definitions, Schema } from './schema.ts';

/** Refuses what does not fit the schema called `name`, in the words of the checker that Glance uses. */
export function validate(name: string, schema: Schema, value: unknown): void {
  const problem = misfit(schema, value, schema.definitions ?? {});
  if (problem !== undefined) throw refuse(400, `Provided object does not match schema '${name}': ${problem}`);
}

function misfit(schema: Schema, value: unknown, known: Definitions): string | undefined {
  if (schema.$ref !== undefined) return misfit(known[schema.$ref.replace(/.*\//, '')] ?? {}, value, known);
  const part = first(schema.allOf ?? [], (it) => misfit(it, value, known));
  if (part !== undefined) return part;
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => isOf(type, value))) {
    return `${python(value)} is not of type ${types.map((type) => `'${type}'`).join(', ')}`;
  }
  if (schema.enum !== undefined && !schema.enum.some((it) => it === value)) {
    return `${python(value)} is not one of ${python(schema.enum)}`;
  }
  if (typeof value === 'string') return misfitText(schema, value);
  if (typeof value === 'number') return misfitNumber(schema, value);
  if (Array.isArray(value)) {
    return misfitList(schema, value) ?? first(value, (item) => misfit(schema.items ?? {}, item, known));
  }
  return isObject(value) ? misfitObject(schema, value, known) : undefined;
}

function misfitObject(
  schema: Schema,
  value: Record<string, unknown>,
  known: Definitions,
): string | undefined {
  const { properties = {}, additionalProperties = {}, required = [] } = schema;
  const missing = required.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) return `'${missing}' is a required property`;
  const extra = Object.keys(value).filter((key) => !Object.hasOwn(properties, key));
  if (additionalProperties === false && extra.length > 0) {
    const named = `${extra.map(python).join(', ')} ${extra.length === 1 ? 'was' : 'were'} unexpected`;
    return `Additional properties are not allowed (${named})`;
  }
  const others = additionalProperties || {};
  return first(Object.entries(value), ([key, field]) =>
    misfit((extra.includes(key) ? undefined : properties[key]) ?? others, field, known),
  );
}

const misfitNumber = ({ minimum }: Schema, value: number) =>
  minimum !== undefined && value < minimum ? `${value} is less than the minimum of ${minimum}` : undefined;

function misfitList({ minItems, uniqueItems }: Schema, value: readonly unknown[]): string | undefined {
  if (minItems !== undefined && value.length < minItems) return `${python(value)} is too short`;
  const isSet = new Set(value.map(python)).size === value.length;
  return uniqueItems === true && !isSet ? `${python(value)} has non-unique elements` : undefined;
}

function misfitText({ maxLength, pattern }: Schema, value: string): string | undefined {
  if (maxLength !== undefined && [...value].length > maxLength) return `${python(value)} is too long`;
  if (pattern !== undefined && !new RegExp(pattern).test(value))
    return `${python(value)} does not match '${pattern}'`;
  return undefined;
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  return type === 'object' ? isObject(value) : typeof value === type;
}

function first<T>(items: readonly T[], problem: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = problem(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A value as Python prints it: Glance's messages quote it so. */
function python(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`;
  if (isObject(value)) {
    return `{${Object.entries(value)
      .map(([key, field]) => `${python(key)}: ${python(field)}`)
      .join(', ')}}`;
  }
  if (typeof value !== 'string') return String(value);
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  const escaped = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"');
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}
