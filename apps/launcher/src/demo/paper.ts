/** Stand-ins for scanned papers: real PNG files with something to look at. */
import { Resvg } from '@resvg/resvg-js';

export function scannedPicture(what: 'licence' | 'identity card'): Buffer {
  const [width, height] = what === 'licence' ? [840, 600] : [640, 400];
  const lines = Array.from(
    { length: 7 },
    (_, index) => `<rect x="80" y="${120 + index * 44}" width="${width - 160 - ((index * 53) % 140)}" height="14" fill="#555"/>`,
  ).join('');
  const stamp = `<circle cx="${width - 150}" cy="${height - 130}" r="70" fill="none" stroke="#c00" stroke-width="6"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fdfbf4"/><rect x="30" y="30" width="${width - 60}" height="${height - 60}" fill="none" stroke="#a33" stroke-width="4"/>${lines}${stamp}</svg>`;
  return Buffer.from(new Resvg(svg).render().asPng());
}
