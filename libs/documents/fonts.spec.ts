import { openFonts, type FontLibrary } from './fonts.js';

let fonts: FontLibrary;
beforeAll(async () => (fonts = await openFonts()));

describe('the fonts of documents', () => {
  it('draw usual and rare characters of names', async () => {
    expect(await fonts.absent('四川省成都市龑赟骉珺喆堃淼祎龘靐（集团）有限公司 SC-YP 123 ①℃—…')).toEqual([]);
  });

  it('tell each character that they lack, once, and no other', async () => {
    // By fontTools no file of either family maps U+36C3, U+3400 or U+20BB7.
    expect(await fonts.absent('张㛃㐀𠮷㐀三')).toEqual(['㛃', '㐀', '𠮷']);
  });

  it('private-use characters count as lacking; line ends, spaces and variation selectors do not', async () => {
    expect(await fonts.absent('\u{e863}')).toEqual(['\u{e863}']);
    expect(await fonts.absent('一\n\t　\u{fe00}\u{200b}')).toEqual([]);
  });

  it('marks that turn the direction of text count as lacking', async () => {
    expect(await fonts.absent('公司\u{202e}司公')).toEqual(['\u{202e}']);
  });

  it('serve their own files and nothing beside them', async () => {
    expect((await fonts.file('noto-serif-sc-chinese-simplified-400-normal.woff2'))?.subarray(0, 4).toString()).toBe('wOF2');
    expect(await fonts.file('../package.json')).toBeNull();
  });
});
