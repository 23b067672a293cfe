import { inflateSync } from 'node:zlib';
import { checkSealName, drawSeal, sealNameLimit, sealShapes } from './index.js';

// 91510100MA61RGJ9XP: a made-up code with a right check digit.
const USCC = '91510100MA61RGJ9XP';

interface Dots {
  width: number;
  height: number;
  /** Red, green, blue, opacity. */
  at(x: number, y: number): number[];
  chunks: Map<string, Buffer>;
}

/** Reads a PNG of eight bits RGBA without interlace (PNG, 9.2: the five filters). */
function readPng(png: Buffer): Dots {
  const chunks = new Map<string, Buffer>();
  for (let offset = 8; offset < png.length;) {
    const length = png.readUInt32BE(offset);
    const type = png.toString('latin1', offset + 4, offset + 8);
    const data = png.subarray(offset + 8, offset + 8 + length);
    chunks.set(type, Buffer.concat([chunks.get(type) ?? Buffer.alloc(0), data]));
    offset += length + 12;
  }
  const header = chunks.get('IHDR')!;
  expect([...header.subarray(8)]).toEqual([8, 6, 0, 0, 0]);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const rows = inflateSync(chunks.get('IDAT')!);
  const stride = width * 4;
  const dots = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const left = x < 4 ? 0 : dots[y * stride + x - 4]!;
      const above = y === 0 ? 0 : dots[(y - 1) * stride + x]!;
      const corner = x < 4 || y === 0 ? 0 : dots[(y - 1) * stride + x - 4]!;
      const predicted = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter]!;
      dots[y * stride + x] = rows[y * (stride + 1) + 1 + x]! + predicted;
    }
  }
  return { width, height, chunks, at: (x, y) => [...dots.subarray(y * stride + x * 4, y * stride + x * 4 + 4)] };
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

describe('the picture of a seal', () => {
  it.each([
    ['limited-company', 472, 472],
    ['joint-stock', 496, 496],
    ['foreign-invested', 531, 354],
  ] as const)('%s: %i by %i dots, which is its size at 300 dpi', async (shape, width, height) => {
    const picture = await drawSeal({ name: '四川信印科技有限公司', uscc: USCC, shape });
    const dots = readPng(picture.png);
    expect([dots.width, dots.height]).toEqual([width, height]);
    expect([picture.widthPx, picture.heightPx]).toEqual([width, height]);
    expect([picture.widthMm, picture.heightMm]).toEqual([sealShapes[shape].widthMm, sealShapes[shape].heightMm]);
    // 300 / 0.0254 m = 11811 dots a metre = 0x2e23; unit 1 is the metre
    expect(dots.chunks.get('pHYs')!.toString('hex')).toBe('00002e2300002e2301');
  });

  it('is red ink on nothing', async () => {
    const dots = readPng((await drawSeal({ name: '四川信印科技有限公司', uscc: USCC })).png);
    const red = [0xd7, 0x00, 0x0f, 0xff];
    expect(dots.at(236, 236)).toEqual(red);
    // half a millimetre into the border, at three o'clock
    expect(dots.at(466, 236)).toEqual(red);
    expect(dots.at(2, 2)[3]).toBe(0);
    // between star and name
    expect(dots.at(236, 130)[3]).toBe(0);
    // between border and name: 19.6 mm - 1.4 mm from the left edge
    expect(dots.at(17, 236)[3]).toBe(0);
  });

  it('holds outlines only, and its size in millimetres', async () => {
    const { svg } = await drawSeal({ name: '四川信印科技有限公司', uscc: USCC });
    expect(svg.match(/<\w+/g)).toEqual(['<svg', '<path']);
    expect(svg).toContain('width="40mm" height="40mm" viewBox="-20 -20 40 40"');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('is the same every time', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => drawSeal({ name: '信印', uscc: USCC })));
    expect(one!.png.equals(other!.png)).toBe(true);
    expect(one!.svg).toBe(other!.svg);
  });

  it('refuses a code with a wrong check digit', async () => {
    await expect(drawSeal({ name: '信印', uscc: '91510100MA61RGJ9X0' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      fields: [{ field: 'organisation/uscc', code: 'USCC_CHECK_DIGIT' }],
    });
  });
});

describe('names that a seal takes', () => {
  it('takes about forty characters, fewer on the oval', () => {
    expect(sealNameLimit('limited-company')).toBeGreaterThanOrEqual(40);
    expect(sealNameLimit('joint-stock')).toBeGreaterThan(sealNameLimit('limited-company'));
    expect(sealNameLimit('foreign-invested')).toBeLessThan(sealNameLimit('limited-company'));
  });

  it('names limit and length of a name that is too long', () => {
    const limit = sealNameLimit('limited-company');
    expect(checkSealName('信'.repeat(limit))).toEqual([]);
    expect(checkSealName('信'.repeat(limit + 1))).toEqual([
      { field: 'organisation/certificateName', code: 'SEAL_NAME_TOO_LONG', params: { length: limit + 1, limit } },
    ]);
  });

  it('counts characters, not UTF-16 units: 𠮷 is one', () => {
    const limit = sealNameLimit('limited-company');
    expect(checkSealName('𠮷'.repeat(limit)).map(({ code }) => code)).toEqual(['SEAL_GLYPH_MISSING']);
    expect(checkSealName('𠮷'.repeat(limit + 1))[0]).toMatchObject({ code: 'SEAL_NAME_TOO_LONG', params: { length: limit + 1 } });
  });

  it.each([
    ['a character outside the typeface', '四川𠮷信有限公司', '𠮷'],
    ['an emoji', '四川😀有限公司', '😀'],
    ['a zero-width space', '四川\u200b有限公司', '\u200b'],
    ['a variation sequence', '葛\u{e0100}洲有限公司', '葛\u{e0100}'],
    ['half a character', '四川\ud842有限公司', '\ud842'],
  ])('names %s', (_what, name, character) => {
    expect(checkSealName(name)).toEqual([{ field: 'organisation/certificateName', code: 'SEAL_GLYPH_MISSING', params: { character } }]);
  });

  it.each(['广东天健（四川）律师事务所', 'ABC贸易(中国)有限公司', '赟珺玥翀喆曌科技集团有限公司', '爱得利·贝尔 & 合伙人', 'e\u0301lan'])(
    'takes %s',
    (name) => {
      expect(checkSealName(name)).toEqual([]);
    },
  );

  it('asks for a name', () => {
    expect(checkSealName(' 　')).toEqual([{ field: 'organisation/certificateName', code: 'FIELD_REQUIRED' }]);
  });

  it('takes every character of the first level of GB 2312, rows 16 to 55', () => {
    const decode = new TextDecoder('gb18030');
    const characters = Array.from({ length: 40 * 94 }, (_, index) =>
      decode.decode(Uint8Array.of(0xb0 + Math.floor(index / 94), 0xa1 + (index % 94))),
    ).filter((character) => /^\p{Script=Han}$/u.test(character));
    expect(characters).toHaveLength(3755);
    expect(characters.filter((character) => checkSealName(character).length > 0)).toEqual([]);
  });
});
