import { errorOfReturnCode } from './index.js';

describe('return codes of GM/T 0016', () => {
  it.each([
    [0x0a000024, 'TOKEN_PIN_WRONG'],
    [0x0a000025, 'TOKEN_PIN_LOCKED'],
    [0x0a00002e, 'NOT_FOUND'],
    [0x0a000030, 'TOKEN_CONTENT'],
  ])('%i is %s', (code, error) => expect(errorOfReturnCode(code)).toBe(error));

  it('takes a code that vendors define for themselves as a fault of the token', () => {
    expect(errorOfReturnCode(0x0a000031)).toBe('TOKEN_CONTENT');
  });
});
