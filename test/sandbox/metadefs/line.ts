/** One request below /v2/metadefs, and what the real Glance answers: its status, and its words where it refuses. */
export interface Line {
  readonly who: 'admin' | 'demo';
  /** Method and path; `{…}` stands for names that belong to this run alone. */
  readonly ask: string;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly words?: string;
}

type More = Pick<Line, 'json' | 'headers' | 'words'>;

/** What an administrator says, and what the member of another project does. */
export const admin = (ask: string, status: number, more: More = {}): Line => said('admin', ask, status, more);
export const demo = (ask: string, status: number, more: More = {}): Line => said('demo', ask, status, more);

const said = (who: Line['who'], ask: string, status: number, more: More): Line => ({
  who,
  ask,
  status,
  ...more,
});

/** The namespace that most lines are about. */
export const ns = '/namespaces/{mine}';

/** The least that a property must say. */
export const rules = { title: 'P', type: 'string' };

/** A name that is too long by one. */
export const long = 'x'.repeat(81);

/** The words for a namespace that the caller may not see, and for one that is not there. */
export const notShown = { words: 'Namespace {mine} not found' };
export const notThere = { words: 'Namespace nowhere not found' };

/** The words for what only administrators may do. */
export const notAllowed = (action: string) => ({
  words: `You are not authorized to complete ${action} action.`,
});

/** The words for what a protected namespace keeps. */
export const kept = (what: string) => ({
  words: `Metadata definition ${what} is protected and cannot be deleted.`,
});

/** The words for what does not fit a schema. */
export const misfit = (schema: string, problem: string) => ({
  words: `Provided object does not match schema '${schema}': ${problem}`,
});
