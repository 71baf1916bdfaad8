import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { it } from '../support/folder.ts';
import { tglance } from '../support/tglance.ts';

describe('P37: the word that cannot be used is named', () => {
  it.for(['99999', '65536', '-1'])(
    'sandbox-start --port %s is refused as no port',
    async (port, { folder }) => {
      const { out, err, code } = await tglance(['sandbox-start', `--port=${port}`], { home: folder });
      expect({ out, code }).toEqual({ out: '', code: 2 });
      expect(err).toContain(`'${port}' is not a port: these are 0 to 65535`);
    },
  );

  it("-f '' before the command is refused as the option, and not as a command called ''", async () => {
    const { out, err, code } = await tglance(['-f', '', 'image-list']);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain("option '-f, --format <FORMAT>' argument '' is invalid");
  });

  it.for(['cloud', 'interface', 'region_name'])("config-set %s '' is refused", async (name, { folder }) => {
    const { err, code } = await tglance(['config-set', name, ''], { home: folder });
    expect(code).toBe(2);
    expect(err).toContain(`${name} cannot be ''; config-unset ${name} forgets it`);
  });

  it('a profile that is an address without a host is shown as it is, and not as null', async ({
    folder,
    path,
  }) => {
    writeFileSync(path('clouds.yaml'), 'clouds: {prod: {profile: "file:///etc/passwd"}}', { mode: 0o600 });
    const { err, code } = await tglance('--os-cloud prod image-list', { cwd: folder, home: folder });
    expect(code).toBe(2);
    expect(err).toContain('The profile file:///etc/passwd must come over https');
  });
});
