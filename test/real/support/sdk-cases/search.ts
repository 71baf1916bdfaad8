import { auth, type Case, caseOf, differs, entry, named, only, openrc, written } from './case.ts';

const user = (username: string) => ({ clouds: { prod: { auth: { ...auth, username } } } });
const two = { 'cwd/clouds.yaml': { clouds: { a: { auth }, b: { auth } } } };
const ambient = 'a variable that says how to connect, not as whom, makes no cloud of its own';

/** Which files are read, and which of their clouds is taken. */
export const search: readonly Case[] = [
  caseOf('the only cloud of a file', only({ auth }), {}),
  caseOf('two clouds and no word about them', two, {}),
  caseOf(
    'no cloud at all',
    {},
    {},
    differs('whether the login lacks something is said when somebody logs in', 'refused'),
  ),
  caseOf('a cloud that nobody knows', only({ auth }), { OS_CLOUD: 'nope' }),
  caseOf('a cloud by its name', only({ auth, region_name: 'R' }), named),
  caseOf('OS_CLOUD without a word', only({ auth }), { OS_CLOUD: '' }),
  caseOf(
    'a name with a space',
    { 'cwd/clouds.yaml': { clouds: { 'my cloud': { auth } } } },
    { OS_CLOUD: 'my cloud' },
  ),
  caseOf('variables beside a file, and no name', only({ auth }), openrc),
  caseOf('variables beside a cloud that is named', only({ auth }), { ...named, ...openrc }),
  caseOf('the cloud of the variables by its name', only({ auth }), { ...openrc, OS_CLOUD: 'envvars' }),
  caseOf('OS_CLOUD_NAME', only({ auth }), { ...openrc, OS_CLOUD_NAME: 'mine', OS_CLOUD: 'mine' }),
  caseOf('OS_CLOUD_NAME that a file has', only({ auth }), { OS_CLOUD_NAME: 'prod', OS_CLOUD: 'prod' }),
  caseOf('variables of test programs', only({ auth }), { OS_LOG_X: '1', OS_TEST_Y: '2', OS_STDOUT_Z: '3' }),
  caseOf(
    'a region by variable',
    only({ auth }),
    { OS_REGION_NAME: 'X' },
    differs('OS_REGION_NAME applies to every cloud, as openstackclient has it', 'region_name'),
  ),
  caseOf(
    'a region by variable beside a name',
    only({ auth }),
    { ...named, OS_REGION_NAME: 'X' },
    differs('OS_REGION_NAME applies to every cloud, as openstackclient has it', 'region_name'),
  ),
  caseOf('a CA file by variable only', only({ auth }), { OS_CACERT: '/ca' }, differs(ambient, 'refused')),
  caseOf(
    'a version of the Identity API by variable only',
    only({ auth }),
    { OS_IDENTITY_API_VERSION: '3' },
    differs(ambient, 'refused'),
  ),

  caseOf('clouds.yml', { 'cwd/clouds.yml': user('yml') }, named),
  caseOf(
    'clouds.yaml before clouds.yml',
    { 'cwd/clouds.yml': user('yml'), 'cwd/clouds.yaml': user('yaml') },
    named,
  ),
  caseOf(
    'clouds.yml before clouds.json',
    { 'cwd/clouds.yml': user('yml'), 'cwd/clouds.json': user('json') },
    named,
  ),
  caseOf('the user directory', { 'home/.config/openstack/clouds.yaml': user('home') }, named),
  caseOf(
    'the current directory before it',
    { 'cwd/clouds.yaml': user('cwd'), 'home/.config/openstack/clouds.yaml': user('home') },
    named,
  ),
  caseOf(
    'XDG_CONFIG_HOME',
    { 'x/openstack/clouds.json': user('xdg'), 'home/.config/openstack/clouds.yaml': user('home') },
    { ...named, XDG_CONFIG_HOME: '$ROOT/x' },
  ),
  caseOf(
    'the home although there is XDG_CONFIG_HOME',
    { 'home/.config/openstack/clouds.yaml': user('home') },
    { ...named, XDG_CONFIG_HOME: '$ROOT/x' },
  ),
  caseOf(
    'SNAP_REAL_HOME',
    { 'real/.config/openstack/clouds.yaml': user('real') },
    { ...named, SNAP_REAL_HOME: '$ROOT/real' },
  ),
  caseOf(
    'XDG_CONFIG_DIRS',
    { 'site/openstack/clouds.yaml': user('site') },
    { ...named, XDG_CONFIG_DIRS: '$ROOT/site' },
  ),
  caseOf(
    'the second of XDG_CONFIG_DIRS',
    { 'site/openstack/clouds.yaml': user('site') },
    { ...named, XDG_CONFIG_DIRS: '$ROOT/other:$ROOT/site' },
    differs('Debian’s openstacksdk takes the list for one directory', 'refused'),
  ),
  caseOf(
    'OS_CLIENT_CONFIG_FILE',
    { 'cwd/clouds.yaml': user('cwd'), 'o/my.yaml': user('mine') },
    { ...named, OS_CLIENT_CONFIG_FILE: '$ROOT/o/my.yaml' },
  ),
  caseOf(
    'OS_CLIENT_CONFIG_FILE that is not there',
    { 'cwd/clouds.yaml': user('cwd') },
    { ...named, OS_CLIENT_CONFIG_FILE: '$ROOT/o/none.yaml' },
  ),
  caseOf(
    'OS_CLIENT_CONFIG_FILE from the current directory',
    { 'cwd/o/c.yaml': user('o') },
    { ...named, OS_CLIENT_CONFIG_FILE: 'o/c.yaml' },
  ),

  caseOf(
    'secure.yaml over clouds.yaml',
    {
      ...only({ auth: { ...auth, password: undefined }, region_name: 'R' }),
      'cwd/secure.yaml': { clouds: { prod: { auth: { password: 'sec' }, region_name: 'S' } } },
    },
    named,
  ),
  caseOf(
    'secure.yaml of another directory',
    {
      ...only({ auth }),
      'home/.config/openstack/secure.yaml': { clouds: { prod: { auth: { password: 'sec' } } } },
    },
    named,
  ),
  caseOf('secure.yaml alone', { 'cwd/secure.yaml': { clouds: { prod: { auth } } } }, {}),
  caseOf(
    'secure.yaml beside auth',
    { ...only({ auth }), 'cwd/secure.yaml': { clouds: { prod: { password: 'sec' } } } },
    named,
  ),
  caseOf(
    'OS_CLIENT_SECURE_FILE',
    { ...only({ auth }), 'o/s.json': { clouds: { prod: { auth: { password: 'vs' } } } } },
    { ...named, OS_CLIENT_SECURE_FILE: '$ROOT/o/s.json' },
  ),
  caseOf(
    'an empty file before another',
    { 'cwd/clouds.yaml': '', 'home/.config/openstack/clouds.yaml': user('home') },
    named,
  ),

  written(
    'anchors and merged mappings',
    'x: &a {auth_url: http://k, username: u}\nclouds: {prod: {auth: {<<: *a, password: p}}}\n',
  ),
  written(
    'a key twice',
    'clouds: {prod: {auth: {auth_url: http://k, username: u, password: p, username: w}}}\n',
  ),
  written('a tag that would run code', 'clouds: !!python/object/apply:os.system ["true"]\n'),
  written('no valid YAML', 'clouds:\n  prod: {\n'),
  written('a tab that indents', 'clouds:\n  prod:\n\tauth: {}\n'),
  written('two documents', 'clouds:\n  prod: {}\n---\nclouds: {}\n'),
  caseOf(
    'JSON with escapes and tabs',
    {
      'cwd/clouds.json':
        '{\n\t"clouds": {"prod": {"auth": {"auth_url": "http:\\/\\/k", "username": "\\u00e9", "password": "p"}}}}',
    },
    named,
  ),
  written(
    'a cloud of which nothing is said',
    'clouds:\n  prod:\n',
    differs('nothing said is no error before somebody logs in', 'refused'),
  ),
  written(
    'words that are null',
    'clouds: {prod: {region_name: ~, auth: {auth_url: http://k, username: u, password: p, project_name: ~}}}\n',
    differs('null is a word that is not there, where openstacksdk breaks', 'refused'),
  ),
  written(
    'numbers that are words',
    'clouds: {prod: {auth: {auth_url: http://k, username: 42, password: 0123, project_name: 1.10}}}\n',
    differs('a password 0123 is what was written, not the number 83', 'auth.password', 'auth.project_name'),
  ),
  entry('what other services want to know', {
    auth,
    networks: [{ name: 'n' }],
    compute_api_version: 2,
    volume: { a: [1] },
  }),
];
