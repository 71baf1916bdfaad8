import { createHmac } from 'node:crypto';

/** Someone who may log in, and the one project they have roles in. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly password: string;
  readonly project: Project;
  readonly roles: readonly { id: string; name: string }[];
  readonly admin: boolean;
}

export interface Project {
  readonly id: string;
  readonly name: string;
}

/** What a client needs to log in as one of them. */
export interface Login {
  readonly username: string;
  readonly password: string;
  readonly userId: string;
  readonly projectName: string;
  readonly projectId: string;
}

/** The only domain and the only region there are. */
export const domain = { id: 'default', name: 'Default' } as const;
export const region = 'RegionOne';

const roles = {
  admin: ['admin', 'member', 'reader'],
  demo: ['member', 'reader'],
  other: ['member', 'reader'],
} as const;

/** The users of the sandbox; each has a project of the same name. */
export type Name = keyof typeof roles;
export const names = Object.keys(roles) as readonly Name[];

/** Whose the ids and passwords are: all of them are computed from one random secret that the store keeps. */
export interface People {
  readonly all: readonly Person[];
  /** A stable id, 32 hexadecimal digits, for anything that has a name. */
  idOf(what: string): string;
}

/** The people of the cloud that has this secret. */
export function peopleOf(secret: string): People {
  const derive = (what: string) => createHmac('sha256', secret).update(what);
  const idOf = (what: string) => derive(`id ${what}`).digest('hex').slice(0, 32);
  const all = names.map((name) => ({
    id: idOf(`user ${name}`),
    name,
    password: derive(`password ${name}`).digest('base64url'),
    project: { id: idOf(`project ${name}`), name },
    roles: roles[name].map((role) => ({ id: idOf(`role ${role}`), name: role })),
    admin: name === 'admin',
  }));
  return { all, idOf };
}

/** The person as `credentials` shows them. */
export const loginOf = ({ id, name, password, project }: Person): Login => ({
  username: name,
  password,
  userId: id,
  projectName: project.name,
  projectId: project.id,
});

/** The variables that every OpenStack client reads, for one person at one address. */
export const variables = (url: string, login: Login): Record<string, string> => ({
  OS_AUTH_URL: `${url}/v3`,
  OS_IDENTITY_API_VERSION: '3',
  OS_USERNAME: login.username,
  OS_PASSWORD: login.password,
  OS_PROJECT_NAME: login.projectName,
  OS_USER_DOMAIN_NAME: domain.name,
  OS_PROJECT_DOMAIN_NAME: domain.name,
  OS_REGION_NAME: region,
});
