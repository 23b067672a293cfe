/** Who an operator says they are, where the engine keeps no name of its own. */
import { staffIdIn } from './resumption.js';

const ID = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';

describe('a staff id in what was typed', () => {
  it.each([
    [`${ID}: the worker had a fault`, ID],
    [`root: ${ID}`, ID],
    [`王小明 ${ID}，重试`, ID],
    ['root: try again', null],
    ['', null],
    [`${ID}0`, null],
    [ID.toUpperCase(), null],
  ])('%s', (text, found) => {
    expect(staffIdIn(text)).toBe(found);
  });
});
