import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { checkUpload } from './upload-check.js';

/** PDFs by qpdf (AES-256; user and owner password, owner password alone, encrypted object streams), pictures by Pillow. */
const fixture = (name: string) => readFileSync(resolve(import.meta.dirname, '../../test/fixtures/uploads', name));
const PDF = fixture('one-page.pdf');
const PNG = fixture('one-colour.png');
const JPEG = fixture('one-colour.jpg');
const MEGABYTE = 1_048_576;
const LIMIT = 10 * MEGABYTE;

const refused = async (bytes: Buffer, fileName: string, code: string, params = {}) =>
  expect(checkUpload(bytes, fileName, 'materials/licence')).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    fields: [{ field: 'materials/licence', code, params }],
  });

/** A PNG with a chunk of nothing before its end (PNG, 5.3: length, type, data, CRC). */
function pngOf(size: number): Buffer {
  const chunk = Buffer.alloc(size - PNG.length);
  chunk.writeUInt32BE(chunk.length - 12, 0);
  chunk.write('fiLl', 4, 'latin1');
  return Buffer.concat([PNG.subarray(0, -12), chunk, PNG.subarray(-12)]);
}

/** A zip archive with one entry, written by hand (APPNOTE 4.3.7). */
function zip(): Buffer {
  const [name, data] = [Buffer.from('a.txt'), deflateRawSync('text')];
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE(8, 8);
  head.writeUInt32LE(data.length, 18);
  head.writeUInt32LE(4, 22);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, name, data]);
}

/** JPEG with a thumbnail, a whole JPEG, in its APP1 segment, as a phone makes it. */
function jpegWithThumbnail(): Buffer {
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, 0]), Buffer.from('Exif\0\0'), JPEG, JPEG]);
  segment.writeUInt16BE(segment.length - 2, 2);
  return Buffer.concat([JPEG.subarray(0, 2), segment, JPEG.subarray(2)]);
}

describe('what is taken', () => {
  it.each([
    ['scan.pdf', PDF, 'application/pdf'],
    ['SCAN.PDF', PDF, 'application/pdf'],
    ['营业执照.副本.pdf', fixture('one-page-object-streams.pdf'), 'application/pdf'],
    ['scan.png', PNG, 'image/png'],
    ['scan.jpg', JPEG, 'image/jpeg'],
    ['scan.JPEG', JPEG, 'image/jpeg'],
    ['phone.jpg', jpegWithThumbnail(), 'image/jpeg'],
  ])('D files: %s', async (name, bytes, type) => {
    expect(await checkUpload(bytes, name, 'materials/licence')).toBe(type);
  });

  it('D files: exactly ten megabytes', async () => {
    expect(pngOf(LIMIT)).toHaveLength(LIMIT);
    expect(await checkUpload(pngOf(LIMIT), 'scan.png', 'materials/licence')).toBe('image/png');
  });
});

describe('what is refused', () => {
  it('D files: an empty file', () => refused(Buffer.alloc(0), 'scan.pdf', 'FILE_EMPTY'));

  it('D files: one byte more than ten megabytes, and the limit is named', () =>
    refused(pngOf(LIMIT + 1), 'scan.png', 'FILE_TOO_LARGE', { limit: 10 }));

  it.each(['scan.docx', 'scan.gif', 'scan', 'scan.pdf.exe', 'scan.', '', 'scan.constructor', 'scan.__proto__'])(
    'D files: the name %j',
    (name) => refused(PDF, name, 'FILE_TYPE'),
  );

  it.each([
    ['a PNG', PNG, 'scan.pdf', 'application/pdf', 'image/png'],
    ['a PDF', PDF, 'scan.jpg', 'image/jpeg', 'application/pdf'],
    ['a zip', zip(), 'scan.png', 'image/png', 'application/zip'],
    ['a JPEG', JPEG, 'scan.png', 'image/png', 'image/jpeg'],
    ['a page of HTML', Buffer.from('<script>alert(1)</script>'), 'scan.pdf', 'application/pdf', 'unknown'],
    ['plain text', Buffer.from('licence'), 'scan.png', 'image/png', 'unknown'],
  ])('D files: %s named otherwise, and both types are named', (_, bytes, name, named, found) =>
    refused(bytes, name, 'FILE_CONTENT_MISMATCH', { named, found }),
  );

  it.each(['encrypted.pdf', 'encrypted-owner-only.pdf', 'encrypted-object-streams.pdf'])('D files: %s', (name) =>
    refused(fixture(name), 'scan.pdf', 'FILE_ENCRYPTED'),
  );

  it.each(['one-page.pdf', 'one-page-object-streams.pdf', 'encrypted.pdf'])(
    'D files: %s, wherever the transfer broke off',
    async (name) => {
      const whole = fixture(name);
      for (let length = 16; length < whole.length - 1; length += 7) await refused(whole.subarray(0, length), 'scan.pdf', 'FILE_UNREADABLE');
    },
  );

  it('D files: a PDF whose page tree is no tree', () => {
    const broken = Buffer.from(PDF.toString('latin1').replace('/Type /Pages', '/Type /Pagez').replace('/Kids', '/Kinds'), 'latin1');
    return refused(broken, 'scan.pdf', 'FILE_UNREADABLE');
  });

  it.each([
    ['a PNG', PNG, 'scan.png'],
    ['a JPEG', JPEG, 'scan.jpg'],
    ['a JPEG with a thumbnail, which has an end of its own', jpegWithThumbnail(), 'scan.jpg'],
  ])('D files: %s, wherever the transfer broke off', async (_, whole, name) => {
    // The last four bytes of a PNG are the check sum of its end: without them the picture is whole.
    for (let length = 30; length < whole.length - 4; length += 3) await refused(whole.subarray(0, length), name, 'FILE_UNREADABLE');
  });
});
