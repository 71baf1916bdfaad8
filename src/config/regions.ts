import { UsageError } from '../errors.ts';
import { isEntry, lookUp, type Section, section } from './section.ts';
import type { Word } from './settings.ts';

/**
 * The section of the region that is wanted, or of the first one that is `known`.
 * https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html#per-region-settings
 */
export function chooseRegion(
  cloud: string,
  known: readonly Section[],
  wanted: Word | undefined,
): Section | undefined {
  if (wanted === undefined || known.length === 0) return known[0];
  const region = known.find((it) => it.text('region_name') === wanted.word);
  if (region !== undefined) return region;
  const choices = known.map((it) => it.text('region_name')).join(', ');
  throw new UsageError(
    `Region ${wanted.word} (${wanted.origin}) is not a valid region name for cloud ${cloud}. Valid choices are ${choices}`,
  );
}

/** The regions, each with its values, that the first of the sections to say anything about them lists. */
export function regionsOf(sections: readonly Section[]): Section[] | undefined {
  const listing = sections.find((it) => it.raw('regions') != null);
  if (listing !== undefined) {
    const regions = listing.raw('regions');
    return (Array.isArray(regions) ? regions : [regions]).map((region) => read(region, listing));
  }
  const names = lookUp(sections, ['region_name']);
  return names?.word.split(',').map((name) => read(name, names.section));
}

function read(region: unknown, from: Section): Section {
  const { name, values, ...rest } = isEntry(region) ? region : { name: region };
  if (typeof name !== 'string' || Object.keys(rest).length > 0 || !isEntry(values ?? {})) {
    throw new UsageError(
      `${from.where('regions')}: a region must be a name, or a mapping of its name and its values`,
    );
  }
  return section(from.file, { ...(values ?? {}), region_name: name }, () => from.where('regions'));
}
