/** Bar codes as vector drawings, so that a printer of any resolution keeps their edges. */
import bwip from 'bwip-js';
import { Markup } from './html.js';

/**
 * Code 128 (ISO/IEC 15417). `moduleMm` is the narrowest bar: 0.25 mm is what a handheld scanner reads from an office printer. A text too
 * long for `maxWidthMm` gets narrower bars, not a torn edge.
 */
export function code128(text: string, size: { heightMm: number; maxWidthMm: number; moduleMm?: number }): Markup {
  const { drawing, modules } = draw('code128', text);
  const widthMm = Math.min(modules * (size.moduleMm ?? 0.3), size.maxWidthMm);
  return sized(drawing, widthMm, size.heightMm);
}

/** QR code (ISO/IEC 18004), level M: a form is stamped, folded and scanned. */
export function qrCode(text: string, sideMm: number): Markup {
  return sized(draw('qrcode', text).drawing, sideMm, sideMm);
}

function draw(symbology: 'code128' | 'qrcode', text: string): { drawing: string; modules: number } {
  if (!/^[\x20-\x7e]+$/.test(text)) throw new RangeError('a bar code holds printable ASCII');
  const drawing = bwip.toSVG({ bcid: symbology, text, scale: 1, includetext: false, ...(symbology === 'qrcode' ? { eclevel: 'M' } : {}) });
  return { drawing, modules: Number(/viewBox="0 0 (\d+)/.exec(drawing)?.[1] ?? 0) };
}

function sized(drawing: string, widthMm: number, heightMm: number): Markup {
  const attributes = `width="${widthMm.toFixed(2)}mm" height="${heightMm}mm" preserveAspectRatio="none" shape-rendering="crispEdges"`;
  return new Markup(drawing.replace('<svg ', `<svg ${attributes} `));
}
