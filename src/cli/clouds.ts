import { listClouds } from '../config/cloud-list.ts';
import type { Sources } from '../config/resolve.ts';
import type { SettingName } from '../config/settings.ts';
import type { CloudSummary } from '../define/preferences.ts';
import { redact } from '../http/redact.ts';
import { authTypeName } from '../keystone/auth-types.ts';
import { credentialsOf } from './credentials.ts';

/** Every cloud that can be named here, without what is secret. */
export async function cloudSummaries(
  sources: Sources,
  tell: (line: string) => void,
): Promise<CloudSummary[]> {
  const clouds = await listClouds(sources, tell);
  return clouds.map(({ name, current, from, regions, settings }) => {
    const first = (...names: SettingName[]) => {
      const value = names.map((it) => settings?.get(it)).find((it) => it !== undefined);
      return value === undefined ? null : redact(value);
    };
    return {
      name,
      current,
      auth_type: settings === undefined ? null : authTypeName(credentialsOf(settings)),
      auth_url: first('auth_url'),
      regions,
      user: first('username', 'user_id'),
      project: first('project_name', 'project_id'),
      from,
    };
  });
}
