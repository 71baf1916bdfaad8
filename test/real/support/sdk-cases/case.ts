/** Files and variables, and whether openstacksdk and tglance make the same cloud of them. */
export interface Case {
  readonly title: string;
  /** Places such as `cwd/clouds.yaml` and `home/.config/openstack/clouds.yaml`; what is no text is written as JSON. */
  readonly files: Readonly<Record<string, string | object>>;
  /** `$ROOT` stands for the folder that the files are in. */
  readonly env: Readonly<Record<string, string>>;
  readonly differs: Difference | undefined;
}

/** Why it is not the same, and in which words. */
export interface Difference {
  readonly why: string;
  readonly words: readonly string[];
}

export const differs = (why: string, ...words: string[]): Difference => ({ why, words });

export const caseOf = (
  title: string,
  files: Case['files'],
  env: Case['env'],
  difference?: Difference,
): Case => ({ title, files, env, differs: difference });

/** A login that lacks nothing. */
export const auth = {
  auth_url: 'http://k/v3',
  username: 'u',
  password: 'p',
  project_name: 'proj',
  user_domain_name: 'Default',
  project_domain_name: 'Default',
};

/** The same as variables. */
export const openrc = {
  OS_AUTH_URL: 'http://e/v3',
  OS_USERNAME: 'eu',
  OS_PASSWORD: 'ep',
  OS_PROJECT_NAME: 'eproj',
  OS_USER_DOMAIN_NAME: 'D',
  OS_PROJECT_DOMAIN_NAME: 'D',
};

export const named = { OS_CLOUD: 'prod' };

/** A clouds.yaml whose only cloud, prod, is this. */
export const only = (entry: object) => ({ 'cwd/clouds.yaml': { clouds: { prod: entry } } });

/** An entry of the cloud that is named. */
export const entry = (title: string, it: object, difference?: Difference): Case =>
  caseOf(title, only(it), named, difference);

/** The same, written by hand. */
export const written = (title: string, text: string, difference?: Difference): Case =>
  caseOf(title, { 'cwd/clouds.yaml': text }, named, difference);
