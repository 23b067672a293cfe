import { code128, qrCode } from './codes.js';

/** The widths of bars and spaces, in modules from the left, read off the drawing's strokes. */
function widths(drawing: string): string {
  const bars: { from: number; to: number }[] = [];
  for (const [, stroke, path] of drawing.matchAll(/stroke-width="(\d+)" d="([^"]+)"/g)) {
    for (const [, x] of (path ?? '').matchAll(/M([\d.]+) /g))
      bars.push({ from: Number(x) - Number(stroke) / 2, to: Number(x) + Number(stroke) / 2 });
  }
  bars.sort((a, b) => a.from - b.from);
  return bars.map(({ from, to }, index) => `${to - from}${index + 1 < bars.length ? (bars[index + 1]?.from ?? 0) - to : ''}`).join('');
}

describe('code128', () => {
  it('draws start B, the text, its check character and stop (ISO/IEC 15417, table 1)', () => {
    // "XY": X is 56 and Y is 57; check (104 + 1 x 56 + 2 x 57) mod 103 = 274 mod 103 = 68, which is the pattern of d.
    const patterns = ['211214', '331121', '312113', '141221', '2331112'];
    expect(widths(code128('XY', { heightMm: 7, maxWidthMm: 50 }).source)).toBe(patterns.join(''));
  });

  it('gives every module the asked width, and less when the label ends before', () => {
    // Five characters above: 4 x 11 + 13 = 57 modules.
    expect(code128('XY', { heightMm: 7, maxWidthMm: 50, moduleMm: 0.3 }).source).toContain('width="17.10mm" height="7mm"');
    expect(code128('XY', { heightMm: 7, maxWidthMm: 10 }).source).toContain('width="10.00mm"');
  });

  it('refuses what a scanner could not type', () => {
    expect(() => code128('编号', { heightMm: 7, maxWidthMm: 50 })).toThrow(RangeError);
    expect(() => qrCode('', 19)).toThrow(RangeError);
  });
});
