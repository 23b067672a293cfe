/** The codes on paper as a scanner meets them: printed to PDF, drawn at 300 dpi, and read by a decoder that is not ours. */
import { openDocuments, type Documents } from '#documents';
import { BarcodeFormat, BinaryBitmap, DecodeHintType, HybridBinarizer, MultiFormatReader, RGBLuminanceSource } from '@zxing/library';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { renderPageAsImage } from 'unpdf';
import { waybillSheet, WAYBILL_SIZE } from '../../apps/sandbox/src/systems/waybill-sheet.js';

const DPI = 300;

/** Node 20 lacks it (ECMAScript 2024), and the program that draws the pages asks for it. */
const buffers = ArrayBuffer.prototype as { transferToFixedLength?: (this: ArrayBuffer, length?: number) => ArrayBuffer };
buffers.transferToFixedLength ??= function (this: ArrayBuffer, length?: number) {
  return this.slice(0, length ?? this.byteLength);
};

/** A strip of a page, in shares of its height and width. */
interface Strip {
  left?: number;
  top?: number;
  right?: number;
  bottom?: number;
}

describe('codes on paper', () => {
  let documents: Documents;
  beforeAll(async () => (documents = await openDocuments()), 60_000);
  afterAll(() => documents.close());

  it('token label: Code 128 of the token number', async () => {
    const label = await documents.tokenLabel({
      ...{ tokenNumber: 'XY260000012301', certificateName: '成都龑赟生物医药有限公司', notBefore: '2026-03-02', notAfter: '2028-03-02' },
      ...{ account: 'SC-YP-000123', initialPassword: 'Kq7mZ2pAbc' },
    });
    expect(await decode(label, BarcodeFormat.CODE_128, { top: 0.6, bottom: 0.86 })).toBe('XY260000012301');
  });

  it('waybill: Code 128 of the waybill number', async () => {
    const sheet = waybillSheet({
      trackingNumber: 'KD000000000042',
      receiver: { name: '王某', phone: '17100029999', address: '成都市某路 1 号', organisation: '某公司' },
      contents: '数字证书 1',
      at: '2026-03-06T01:00:00.000Z',
    });
    const waybill = await documents.renderHtml(sheet, WAYBILL_SIZE);
    expect(await decode(waybill, BarcodeFormat.CODE_128, { top: 0.06, bottom: 0.24 })).toBe('KD000000000042');
  });

  it('manifest: Code 128 of the waybill number', async () => {
    const list = await documents.dispatchList({
      ...{ day: '2026-03-06', dayReason: '每周五集中寄送', generatedAt: '2026-03-06T01:00:00.000Z' },
      letters: [
        { applicationNumber: 'XB-2026-000042', organisation: '某公司', tokenNumbers: ['XY260000004201'], trackingNumber: 'KD000000000042' },
      ],
    });
    expect(await decode(list, BarcodeFormat.CODE_128, { left: 0.66, top: 0.1, bottom: 0.3, right: 0.93 })).toBe('KD000000000042');
  });

  it('manifest: Code 128 of a token number, alone in its row or beneath with the others of its letter', async () => {
    const letter = { applicationNumber: 'XB-2026-000042', organisation: '某公司', trackingNumber: 'KD000000000042' };
    const list = (...tokenNumbers: string[]) =>
      documents.dispatchList({
        ...{ day: '2026-03-06', dayReason: '每周五集中寄送', generatedAt: '2026-03-06T01:00:00.000Z' },
        letters: [{ ...letter, tokenNumbers }],
      });
    const alone = await list('XY260000004201');
    expect(await decode(alone, BarcodeFormat.CODE_128, { left: 0.47, top: 0.1, bottom: 0.3, right: 0.67 })).toBe('XY260000004201');
    const two = await list('XY260000004201', 'XY260000004202');
    expect(await decode(two, BarcodeFormat.CODE_128, { left: 0.1, top: 0.16, bottom: 0.24, right: 0.32 })).toBe('XY260000004201');
  });

  it('pick list: QR with the application number, Code 128 of the waybill number', async () => {
    const list = await documents.pickList({
      ...{ day: '2026-03-06', generatedAt: '2026-03-06T01:00:00.000Z' },
      letters: [
        {
          ...{ applicationNumber: 'XB-2026-000042', organisation: '某公司', trackingNumber: 'KD000000000042' },
          tokenNumbers: ['XY260000004201', 'XY260000004202'],
        },
      ],
    });
    expect(await decode(list, BarcodeFormat.QR_CODE, { right: 0.4, bottom: 0.4 })).toBe('XB-2026-000042');
    expect(await decode(list, BarcodeFormat.CODE_128, { left: 0.6, bottom: 0.4 })).toBe('KD000000000042');
  });
});

async function decode(pdf: Buffer, format: BarcodeFormat, { left = 0, top = 0, right = 1, bottom = 1 }: Strip): Promise<string> {
  const page = await renderPageAsImage(new Uint8Array(pdf), 1, { canvasImport: () => import('@napi-rs/canvas'), scale: DPI / 72 });
  const image = await loadImage(Buffer.from(page));
  const [x, y] = [Math.round(image.width * left), Math.round(image.height * top)];
  const [width, height] = [Math.round(image.width * right) - x, Math.round(image.height * bottom) - y];
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.drawImage(image, x, y, width, height, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const grey = Uint8ClampedArray.from({ length: width * height }, (_, index) => {
    const at = index * 4;
    return ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3;
  });
  const reader = new MultiFormatReader();
  const hints = new Map<DecodeHintType, unknown>([
    [DecodeHintType.POSSIBLE_FORMATS, [format]],
    [DecodeHintType.TRY_HARDER, true],
  ]);
  const bitmap = new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(grey, width, height)));
  return reader.decode(bitmap, hints).getText();
}
