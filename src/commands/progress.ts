import { chosenOf, type Option } from '../define/option.ts';

/** How far a transfer is: shown to a person, or told to a program. */
export const progressOption: Option<boolean | 'json'> = {
  flags: '--progress[=HOW]',
  about: 'Show how far it is; json: as an object per line on standard error',
  read: (word) => (word === 'true' ? true : chosenOf(['json'], word)),
  bare: true,
};
