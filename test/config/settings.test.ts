import { describe, expect, it } from 'vitest';
import { settingNames, settingOptions, settings } from '../../src/config/settings.ts';

describe('the settings as options', () => {
  it('are those that have a flag, in the same order', () => {
    expect(Object.keys(settingOptions)).toEqual(settingNames.filter((name) => settings[name].flags));
  });

  it('spell every flag once', () => {
    const flags = settingNames.flatMap((name) => settings[name].flags?.match(/--[^ ,]+/g) ?? []);
    expect(new Set(flags).size).toBe(flags.length);
  });

  it('name no variables: whether one counts is decided when the cloud is known', () => {
    expect(Object.values(settingOptions).filter((option) => option.env)).toEqual([]);
  });

  it.for([
    ['2', '2'],
    ['2.9', '2'],
  ] as const)('--os-image-api-version %s means %s', ([word, version]) => {
    expect(settingOptions.image_api_version.read(word, undefined)).toBe(version);
  });

  it.for([
    ['1', 'Version 1 of the Image API is not supported: Glance itself has removed it, use 2'],
    ['3', 'Invalid API version parameter. Supported values are [1, 2]'],
    ['two', 'Invalid API version parameter. Supported values are [1, 2]'],
  ] as const)('--os-image-api-version %s is refused', ([word, problem]) => {
    expect(() => settingOptions.image_api_version.read(word, undefined)).toThrow(problem);
  });

  it.for(['0', '-1', 'x', '1e3', ''])('--timeout %j is refused', (word) => {
    expect(() => settingOptions.timeout.read(word, undefined)).toThrow('not a number of seconds');
  });

  it('--insecure takes no value', () => {
    expect(settingOptions.insecure).toMatchObject({ flags: '--insecure', bare: 'true' });
  });
});

it('the secrets are what proves who one is', () => {
  expect(settingNames.filter((name) => settings[name].secret)).toEqual([
    'password',
    'auth_token',
    'passcode',
    'application_credential_secret',
    'client_secret',
    'access_token',
    'code',
    'oauth2_client_secret',
  ]);
});

it('no file can name a program to run, or a descriptor to read', () => {
  expect(settingNames.filter((name) => /helper|_fd$/.test(name))).toEqual(['auth_helper', 'password_fd']);
  expect([...settings.auth_helper.cloud, ...settings.password_fd.cloud]).toEqual([]);
});
