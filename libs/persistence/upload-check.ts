/** What a file is, by its content and not by its name. Refuses before anything is stored. */
import { PDFDocument } from '@cantoo/pdf-lib';
import { fileRules, fieldError, type MediaType } from '#domain';
import { fileTypeFromBuffer } from 'file-type';

const EXTENSIONS = new Map<string, MediaType>([
  ['pdf', 'application/pdf'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
]);
const MEGABYTE = 1024 * 1024;

/** @throws XinyinError INPUT_INVALID on the field named, saying what is wrong with the file */
export async function checkUpload(bytes: Buffer, fileName: string, field: string): Promise<MediaType> {
  if (bytes.length === 0) throw fieldError(field, 'FILE_EMPTY');
  if (bytes.length > fileRules.maxBytes) throw fieldError(field, 'FILE_TOO_LARGE', { limit: fileRules.maxBytes / MEGABYTE });
  const named = EXTENSIONS.get(/\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '');
  if (!named) throw fieldError(field, 'FILE_TYPE');
  const found = (await fileTypeFromBuffer(bytes))?.mime ?? 'unknown';
  if (found !== named) throw fieldError(field, 'FILE_CONTENT_MISMATCH', { named, found });
  if (named === 'application/pdf') await checkPdf(bytes, field);
  else if (!imageIsWhole(bytes, named)) throw fieldError(field, 'FILE_UNREADABLE');
  return named;
}

/** ISO 32000-1, 7.5.5: a file ends with the place of its cross-references and the marker; readers look for it in the last 1024 bytes. */
const PDF_END = /startxref\s+[1-9]\d*\s+%%EOF/;
/** In the trailer or in the dictionary of a cross-reference stream, neither of which is ever encrypted (7.5.8.2, 7.6.1). */
const PDF_ENCRYPTION = /\/Encrypt\s*(<<|\d+\s+\d+\s+R)/;

async function checkPdf(bytes: Buffer, field: string): Promise<void> {
  // The parser mends what it can: without this, a file that broke off would pass with the pages that arrived.
  if (!PDF_END.test(bytes.subarray(-1024).toString('latin1'))) throw fieldError(field, 'FILE_UNREADABLE');
  const document = await PDFDocument.load(bytes, { ignoreEncryption: true, throwOnInvalidObject: true }).catch(() => null);
  // A file whose objects lie in encrypted streams cannot even be loaded.
  if (document?.isEncrypted ?? PDF_ENCRYPTION.test(bytes.toString('latin1'))) throw fieldError(field, 'FILE_ENCRYPTED');
  if (!document || pageCount(document) === 0) throw fieldError(field, 'FILE_UNREADABLE');
}

/** The parser meets a broken page tree only when it is asked for pages. */
function pageCount(document: PDFDocument): number {
  try {
    return document.getPageCount();
  } catch {
    return 0;
  }
}

/** A transfer that broke off leaves an image without its end: PNG ends with IEND, JPEG holds the end-of-image marker after its scan begins. */
function imageIsWhole(bytes: Buffer, type: MediaType): boolean {
  return type === 'image/png' ? bytes.subarray(-12).includes('IEND') : fromScan(bytes).includes(Buffer.from([0xff, 0xd9]));
}

/** ITU-T T.81, B.1.1.4: segments with their lengths, then the scan (SOS). The thumbnail among the segments has an end-of-image of its own. */
function fromScan(jpeg: Buffer): Buffer {
  let at = 2;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff && jpeg[at + 1] !== 0xda) {
    // B.1.1.2: any number of fill bytes may stand before a marker.
    at += jpeg[at + 1] === 0xff ? 1 : 2 + jpeg.readUInt16BE(at + 2);
  }
  return jpeg.subarray(at);
}
