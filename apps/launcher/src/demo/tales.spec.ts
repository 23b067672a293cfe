/** The names of `--payment`, `--friday` and `--agent-change`: all that are promised, and a clear word about any other. */
import { LaunchError } from '../failure.js';
import { namesOf, talesFor } from './tales.js';

const refusalOf = (asked: Parameters<typeof talesFor>[0]): string => {
  try {
    return `told: ${talesFor(asked)
      .map(({ name }) => name)
      .join(', ')}`;
  } catch (error) {
    return error instanceof LaunchError ? error.message : `not for people: ${String(error)}`;
  }
};

describe('the tales of a demonstration', () => {
  it('are all there', () => {
    expect(namesOf('payment')).toEqual([
      ...['exact', 'short', 'over', 'wrong-payer', 'personal', 'late', 'twice', 'reversed', 'split', 'given-back', 'same-name'],
    ]);
    expect(namesOf('friday')).toEqual(['plain', 'holiday', 'carried', 'missed', 'returned-mail']);
    expect(namesOf('agent-change')).toEqual(['handed-over', 'at-window', 'stopped', 'lost-phone', 'called-back']);
  });

  it('are told one by one, or all of a kind, each under its own name', () => {
    expect(talesFor({ payment: 'over' })).toMatchObject([{ kind: 'payment', name: 'over', en: 'too much: the surplus goes back' }]);
    expect(talesFor({ payment: 'all' }).map(({ name }) => name)).toEqual(namesOf('payment'));
    expect(talesFor({ payment: 'exact', friday: 'plain' }).map(({ kind }) => kind)).toEqual(['payment', 'friday']);
    expect(talesFor({})).toEqual([]);
  });

  it.each(['', 'exactly', 'plain', 'constructor', 'EXACT'])('refuse the payment "%s", and name those there are', (name) => {
    expect(refusalOf({ payment: name })).toBe(
      `There is no --payment ${name}. There are: exact, short, over, wrong-payer, personal, late, twice, reversed, split, given-back, same-name, all.`,
    );
  });
});
