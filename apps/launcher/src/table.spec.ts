import { renderTable } from './table.js';

describe('renderTable', () => {
  it('keeps columns straight when a Chinese character is two wide', () => {
    expect(
      renderTable(
        ['角色', 'at'],
        [
          ['审核员', 'window'],
          ['a', 'b'],
        ],
      ),
    ).toBe(['  角色     at', '  ──────   ──────', '  审核员   window', '  a        b'].join('\n'));
  });
});
