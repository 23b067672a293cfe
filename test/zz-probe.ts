import { readFileSync } from 'node:fs';
import { checkUpload } from '#persistence';
import { PDFDocument } from '@cantoo/pdf-lib';
const out = async (b: Buffer, n: string) => checkUpload(b, n, 'f').then((m) => m, (e: any) => e.fields?.[0]?.code ?? String(e));
for (const f of ['enc-aes256.pdf', 'enc-owner.pdf', 'enc-rc4.pdf', 'enc-os.pdf', 'plain.pdf', 'plain-os.pdf', 'a.png', 'a.jpg', 'prog.jpg']) console.log(f, await out(readFileSync('/tmp/specs/f/' + f), f));
const trunc = async (b: Buffer, n: string) => { const t: Record<string, string> = {}; let prev = ''; for (let i = 0; i <= b.length; i += Math.max(1, Math.floor(b.length / 400))) { const r = await out(b.subarray(0, i), n); if (r !== prev) { t[i] = r; prev = r; } } return t; };
for (const f of ['plain.pdf', 'plain-os.pdf', 'a.png', 'a.jpg', 'prog.jpg','enc-aes256.pdf']) console.log(f, readFileSync('/tmp/specs/f/' + f).length, JSON.stringify(await trunc(readFileSync('/tmp/specs/f/' + f), f)));
for (const useObjectStreams of [true, false]) {
  const d = await PDFDocument.create(); for (let i = 0; i < 3; i++) d.addPage().drawText('x'.repeat(50));
  const b = Buffer.from(await d.save({ useObjectStreams })); console.log(useObjectStreams, b.length, JSON.stringify(await trunc(b, 'a.pdf')));
}
console.log(await out(readFileSync('/tmp/specs/f/a.png'), 'a.constructor'), await out(readFileSync('/tmp/specs/f/a.png'), 'a.__proto__'), await out(readFileSync('/tmp/specs/f/a.png'), 'pdf'));
