/** What a list's column shows of an item: the name of its field, or a function of it. */
export type Columns<T> = Readonly<Record<string, keyof T | ((item: T) => unknown)>>;

/** What a command returns and `cli/render` shows. */
export type View = Rows | Fields | Text | Done;

/** A list. Tables, csv and value show columns; JSON and YAML the items themselves unless columns are chosen. */
export interface Rows {
  readonly kind: 'rows';
  /** All at hand, or page after page. */
  readonly items: readonly object[] | AsyncIterable<readonly object[]>;
  /** Every column there is, in the order of the output. */
  readonly columns: Columns<never>;
  /** The columns shown when nobody chooses. */
  readonly shown: readonly string[];
  /** Empty values (0, None, False) are shown as they are, where glance leaves other lists' cells blank. */
  readonly exact: boolean;
  /** Cells stand in the middle of their columns, as in glance's one table that is like that. */
  readonly centred: boolean;
  /** The widest that columns of the default table get, where they have a limit; longer text is wrapped. */
  readonly widths: ReadonlyMap<string, number>;
  readonly usual: Usual;
  /** How the program ends: not 0 where what is listed is bad news. */
  readonly code: number;
}

/** One thing. */
export interface Fields {
  readonly kind: 'fields';
  /** The API's own object: JSON and YAML show it whole. */
  readonly value: object;
  /** What tables, csv, value and shell show of it: names to values, in the API's form. */
  readonly shown: Readonly<Record<string, unknown>>;
  /** The widest a column of the default table gets; longer text is wrapped. */
  readonly width: number;
  readonly usual: Usual;
}

/** How it is printed when nobody chooses a format: what no command knows the fields of is best as it came. */
export type Usual = 'table' | 'json';

/** Text as it is (a script, a manual page). */
export interface Text {
  readonly kind: 'text';
  readonly text: string;
}

/** Nothing to show; the sentence goes to a person at a terminal, never to a script. */
export interface Done {
  readonly kind: 'done';
  readonly sentence: string | undefined;
}

export const rows = <T extends object>(
  items: readonly T[] | AsyncIterable<readonly T[]>,
  columns: Columns<T>,
  shown: readonly string[],
  {
    exact = false,
    centred = false,
    widths = new Map(),
    usual = 'table',
    code = 0,
  }: Partial<Pick<Rows, 'exact' | 'centred' | 'widths' | 'usual' | 'code'>> = {},
): Rows => ({
  kind: 'rows',
  items,
  columns: columns as Columns<never>,
  shown,
  exact,
  centred,
  widths,
  usual,
  code,
});

export const record = (
  value: object,
  { shown = value, width = 80, usual = 'table' }: { shown?: object; width?: number; usual?: Usual } = {},
): Fields => ({ kind: 'fields', value, shown: shown as Readonly<Record<string, unknown>>, width, usual });

export const plain = (text: string): Text => ({ kind: 'text', text });

export const done = (sentence?: string): Done => ({ kind: 'done', sentence });
