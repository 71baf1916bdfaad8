/** A setting, what it is, and who says so. */
export interface Preference {
  readonly name: string;
  /** Blanked when it is secret. */
  readonly value: string;
  /** `flag --os-cloud`, `OS_CLOUD`, `cloud 'prod' (FILE)`, `saved (FILE)`, `default`. */
  readonly origin: string;
}

/** The settings of this run, and those that people save for every run to come. */
export interface Preferences {
  /** Every setting that has a value. */
  all(): Promise<readonly Preference[]>;
  /** The setting of that name when it has a value; a name of no setting is a UsageError. */
  one(name: string): Promise<Preference | undefined>;
  /** Saves a word; one that the setting cannot have is a UsageError. Gives the file that it is in. */
  save(name: string, word: string): Promise<string>;
  /** Whether there was something to forget. */
  forget(name: string): Promise<boolean>;
}

/** A cloud that can be named, as far as this machine knows it; null where nobody says. */
export interface CloudSummary {
  readonly name: string;
  /** It is the one that a command uses when nothing else is said. */
  readonly current: boolean;
  readonly auth_type: string | null;
  readonly auth_url: string | null;
  readonly regions: readonly string[];
  /** Names, or IDs where there are no names. */
  readonly user: string | null;
  readonly project: string | null;
  /** Where it is described: files, the stronger one first. */
  readonly from: readonly string[];
}
