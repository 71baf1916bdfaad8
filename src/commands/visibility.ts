import { beyond, on, type Values } from '../define/option.ts';
import { UsageError } from '../errors.ts';

/** Switches that say who may see an image, for people who know them from OpenStackClient. */
export const visibilitySwitches = beyond({
  public: on('--public', 'Everybody may use it'),
  private: on('--private', 'Only its project may use it'),
  community: on('--community', 'Everybody who knows of it may use it'),
  shared: on('--shared', 'Its members may use it'),
});

/** The one visibility that switches and `--visibility` say together, or undefined. */
export function visibilityOf(
  options: Values<typeof visibilitySwitches> & { visibility?: string; all?: boolean },
): string | undefined {
  const switches = (['public', 'private', 'community', 'shared', 'all'] as const).filter((it) => options[it]);
  const said = [...(options.visibility === undefined ? [] : [options.visibility]), ...switches];
  if (said.length > 1) throw new UsageError(`Only one visibility can be said, not ${said.join(' and ')}`);
  return said[0];
}
