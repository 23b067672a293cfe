/** Files as people send them, wrong in one way each. Their bytes are written by hand or by the format's own rules. */
import { crc32 } from 'node:zlib';
import { PDFDocument } from '@cantoo/pdf-lib';
import { licence } from './applicants.js';

export const MEGABYTE = 1024 * 1024;

/** A PNG that is whole and exactly so many bytes long: padded by one private chunk before its end (PNG, 5.3 and 14). */
export function pngOf(size: number): Buffer {
  const end = licence.length - 12;
  const padding = Buffer.alloc(size - licence.length - 12);
  const typed = Buffer.concat([Buffer.from('xyPd'), padding]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(padding.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(typed));
  return Buffer.concat([licence.subarray(0, end), length, typed, checksum, licence.subarray(end)]);
}

/** JFIF header and the end of a picture: enough to be told as JPEG. */
export const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffdb004300ffd9', 'hex');

/** Locked for reading with a password, or only against changes: a reviewer may not be able to open either. */
export async function lockedPdf(passwords: { userPassword: string; ownerPassword: string }): Promise<Buffer> {
  const document = await PDFDocument.create();
  document.addPage();
  document.encrypt(passwords);
  return Buffer.from(await document.save());
}

/** Written by hand (ISO 32000-1, 7.6): a trailer that names an encryption dictionary. */
export function handLockedPdf(): Buffer {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>',
    `<< /Filter /Standard /V 1 /R 2 /P -4 /O <${'41'.repeat(32)}> /U <${'42'.repeat(32)}> >>`,
  ];
  return pdfOf(objects, `/Encrypt 4 0 R /ID [<${'43'.repeat(16)}> <${'43'.repeat(16)}>]`);
}

export const pdfWithoutPages = () => pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>'], '');

function pdfOf(objects: string[], trailer: string): Buffer {
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  text += `xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}
