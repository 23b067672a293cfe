/** The invoice for the books, in the shape of 数电票 XML files: header, seller, buyer, lines, sums. A specimen, and signed by nobody. */
import { fen, shanghaiClock, yuan } from '#domain';
import { escapeHtml } from '#documents';
import { SELLER, TAX_RATE, taxed, totals, type Invoice } from './invoice-book.js';

export function invoiceXml(invoice: Omit<Invoice, 'token'>): string {
  const { netFen, taxFen } = totals(invoice);
  const lines = invoice.lines.flatMap((line) => {
    const { netFen: net, taxFen: tax } = taxed(line.amountFen);
    return [
      '    <IssuItemInformation>',
      element('ItemName', line.name, 6),
      element('Quantity', String(line.amountFen < 0 ? -line.quantity : line.quantity), 6),
      element('Amount', money(net), 6),
      element('TaxRate', TAX_RATE, 6),
      element('ComTaxAm', money(tax), 6),
      '    </IssuItemInformation>',
    ];
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<EInvoice>',
    '  <Header>',
    element('EIid', invoice.invoiceNumber, 4),
    element('EInvoiceTag', 'SANDBOX-SPECIMEN', 4),
    element('LabelName', invoice.colour === 'red' ? '电子发票（普通发票）红字' : '电子发票（普通发票）', 4),
    '  </Header>',
    '  <EInvoiceData>',
    '    <SellerInformation>',
    element('SellerIdNum', SELLER.taxNumber, 6),
    element('SellerName', SELLER.name, 6),
    '    </SellerInformation>',
    '    <BuyerInformation>',
    element('BuyerIdNum', invoice.taxNumber, 6),
    element('BuyerName', invoice.title, 6),
    '    </BuyerInformation>',
    '    <BasicInformation>',
    element('TotalAmWithoutTax', money(netFen), 6),
    element('TotalTaxAm', money(taxFen), 6),
    element('TotalTax-includedAmount', money(invoice.amountFen), 6),
    ...(invoice.reverses === undefined ? [] : [element('OriginalInvoiceNumber', invoice.reverses, 6)]),
    '    </BasicInformation>',
    ...lines,
    '  </EInvoiceData>',
    '  <TaxSupervisionInfo>',
    element('InvoiceNumber', invoice.invoiceNumber, 4),
    element('IssueTime', shanghaiClock(new Date(invoice.at)), 4),
    '  </TaxSupervisionInfo>',
    '</EInvoice>',
    '',
  ].join('\n');
}

const money = (amountFen: number) => yuan(fen(amountFen)).replaceAll(',', '');
const element = (name: string, text: string, indent: number) => `${' '.repeat(indent)}<${name}>${escapeHtml(text)}</${name}>`;
