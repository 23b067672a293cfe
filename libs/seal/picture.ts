/** Draws a company seal: first as vectors, one red path and nothing that depends on a machine's fonts, then in dots at print resolution. */
import { renderAsync } from '@resvg/resvg-js';
import { usccProblem, XinyinError, type FieldError } from '#domain';
import { layoutSeal, type PlacedLetter, type SealLayout } from './layout.js';
import { checkSealName } from './name.js';
import { withResolution } from './png.js';
import { lettering, sealShapes, type SealShape, type SealShapeName } from './shapes.js';

export interface SealPicture {
  readonly svg: string;
  /** RGBA with a transparent background and its physical size inside. */
  readonly png: Buffer;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

const MM_PER_INCH = 25.4;

/** @throws XinyinError INPUT_INVALID naming each reason why this name or code cannot stand on a seal */
export async function drawSeal(input: { name: string; uscc: string; shape?: SealShapeName }): Promise<SealPicture> {
  const shapeName = input.shape ?? 'limited-company';
  const shape: SealShape = sealShapes[shapeName];
  const fields = [...checkSealName(input.name, shapeName), ...checkCode(input.uscc)];
  if (fields.length > 0) throw new XinyinError('INPUT_INVALID', { fields });

  const path = sealPath(layoutSeal(input.name, input.uscc, shape), shape);
  const [widthPx, heightPx] = [pixels(shape.widthMm), pixels(shape.heightMm)];
  // The dots are drawn from a copy sized in dots, because a size in millimetres would be rounded by the renderer in its own way.
  const image = await renderAsync(svgDocument(path, shape, `${widthPx}`, `${heightPx}`), { font: { loadSystemFonts: false } });
  return {
    svg: svgDocument(path, shape, `${shape.widthMm}mm`, `${shape.heightMm}mm`),
    png: withResolution(image.asPng(), lettering.dotsPerInch),
    widthMm: shape.widthMm,
    heightMm: shape.heightMm,
    widthPx,
    heightPx,
  };
}

function checkCode(uscc: string): FieldError[] {
  const code = usccProblem(uscc);
  return code ? [{ field: 'organisation/uscc', code }] : [];
}

const pixels = (mm: number) => Math.round((mm / MM_PER_INCH) * lettering.dotsPerInch);

function svgDocument(path: string, { widthMm, heightMm }: SealShape, width: string, height: string): string {
  const viewBox = `${-widthMm / 2} ${-heightMm / 2} ${widthMm} ${heightMm}`;
  const size = `width="${width}" height="${height}" viewBox="${viewBox}" preserveAspectRatio="none"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}><path fill="${lettering.red}" d="${path}"/></svg>\n`;
}

function sealPath(layout: SealLayout, shape: SealShape): string {
  const outer = ellipse(shape.widthMm / 2, shape.heightMm / 2, 1);
  // The inner edge runs the other way round, so that the inside is no ink under the fill rule that the letters need (non-zero).
  const inner = ellipse(shape.widthMm / 2 - shape.borderMm, shape.heightMm / 2 - shape.borderMm, 0);
  const star = layout.star.map(({ x, y }, corner) => `${corner === 0 ? 'M' : 'L'}${number(x)} ${number(y)}`).join('');
  return [outer, inner, star && `${star}Z`, ...[...layout.name, ...layout.code].map(letterPath)].join('');
}

function ellipse(halfWidth: number, halfHeight: number, sweep: 0 | 1): string {
  const arc = (y: number) => `A${number(halfWidth)} ${number(halfHeight)} 0 0 ${sweep} 0 ${number(y)}`;
  return `M0 ${number(-halfHeight)}${arc(halfHeight)}${arc(-halfHeight)}Z`;
}

function letterPath({ steps }: PlacedLetter): string {
  return steps.map(([command, ...values]) => `${command}${values.map(number).join(' ')}`).join('');
}

/** A thousandth of a millimetre is a hundredth of a dot at 300 dpi. */
const number = (value: number) => String(Math.round(value * 1000) / 1000);
