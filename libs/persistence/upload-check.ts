/** What a file is, by its content and not by its name. Refuses before anything is stored. */
import { PDFDocument } from '@cantoo/pdf-lib';
import { fileRules, fieldError, type MediaType } from '#domain';
import { fileTypeFromBuffer } from 'file-type';

const EXTENSIONS: Record<string, MediaType> = { pdf: 'application/pdf', jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png' };
const MEGABYTE = 1024 * 1024;

/** @throws XinyinError INPUT_INVALID on the field named, saying what is wrong with the file */
export async function checkUpload(bytes: Buffer, fileName: string, field: string): Promise<MediaType> {
  if (bytes.length === 0) throw fieldError(field, 'FILE_EMPTY');
  if (bytes.length > fileRules.maxBytes) throw fieldError(field, 'FILE_TOO_LARGE', { limit: fileRules.maxBytes / MEGABYTE });
  const named = EXTENSIONS[fileName.split('.').pop()?.toLowerCase() ?? ''];
  if (!named) throw fieldError(field, 'FILE_TYPE');
  const found = (await fileTypeFromBuffer(bytes))?.mime ?? 'unknown';
  if (found !== named) throw fieldError(field, 'FILE_CONTENT_MISMATCH', { named, found });
  if (named === 'application/pdf') await checkPdf(bytes, field);
  else if (!imageIsWhole(bytes, named)) throw fieldError(field, 'FILE_UNREADABLE');
  return named;
}

async function checkPdf(bytes: Buffer, field: string): Promise<void> {
  const document = await PDFDocument.load(bytes, { ignoreEncryption: true, throwOnInvalidObject: true }).catch(() => null);
  if (document?.isEncrypted) throw fieldError(field, 'FILE_ENCRYPTED');
  if (!document || document.getPageCount() === 0) throw fieldError(field, 'FILE_UNREADABLE');
}

/** A transfer that broke off leaves an image without its end: PNG ends with IEND, JPEG holds the end-of-image marker. */
function imageIsWhole(bytes: Buffer, type: MediaType): boolean {
  return type === 'image/png'
    ? bytes.subarray(-12).includes('IEND')
    : bytes.includes(Buffer.from([0xff, 0xd9]), Math.floor(bytes.length / 2));
}
