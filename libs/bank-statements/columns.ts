/** What each column of a table is, by its heading: the words of the banks' exports, and of our own contract with the bank. */
export const columnNames = {
  bookedDay: [
    '记账日期',
    '入账日期',
    '记账日',
    '入账日',
    '账务日期',
    '会计日期',
    'bookedat',
    'bookingdate',
    'bookeddate',
    'postingdate',
    '入账时间',
    '记账时间',
  ],
  tradeDay: ['交易日期', '交易日', '日期', '交易时间', 'transactiondate', 'tradedate', 'date'],
  valueDay: ['起息日', '起息日期', 'valuedate', 'valueday'],
  time: ['交易时间', '时间', '记账时间', '入账时间', 'transactiontime', 'time'],
  amountFen: ['amountfen'],
  credit: ['贷方发生额', '贷方金额', '收入金额', '收款金额', '转入金额', '收入', '贷方', 'credit', 'creditamount', 'paidin'],
  debit: ['借方发生额', '借方金额', '支出金额', '付款金额', '转出金额', '支出', '借方', 'debit', 'debitamount', 'paidout'],
  amount: ['交易金额', '发生额', '金额', 'amount', 'transactionamount'],
  direction: [
    '借贷标志',
    '借贷标记',
    '借贷方向',
    '借贷',
    '收支',
    '收/支',
    '收支方向',
    '收支标志',
    '交易方向',
    '方向',
    'd/c',
    'dc',
    'direction',
    'creditdebit',
  ],
  balance: ['余额', '账户余额', '本次余额', '当前余额', '交易后余额', 'balance'],
  currency: ['币种', '货币', '交易币种', 'currency', 'ccy'],
  payerName: [
    '对方户名',
    '对方账户名称',
    '对方账户名',
    '对方名称',
    '对方单位名称',
    '对方单位',
    '付款人名称',
    '付款人户名',
    '付款户名',
    '付款方名称',
    '付款方户名',
    '付款人',
    '付款方',
    '交易对手',
    '对手户名',
    '交易对方',
    '交易对手名称',
    'payername',
    'payer',
    'counterparty',
    'counterpartyname',
  ],
  payerAccount: [
    '对方账号',
    '对方帐号',
    '对方账户',
    '付款人账号',
    '付款账号',
    '付款方账号',
    '对手账号',
    '交易对手账号',
    '付款人帐号',
    'payeraccount',
    'counterpartyaccount',
  ],
  /** Whose statement it is, where each line says so. */
  ownAccount: ['本方账号', '本方帐号', '我方账号', '我方帐号', '查询账号', '本方账户', 'ownaccount'],
  payerAccountType: [
    '对方账户类型',
    '账户类型',
    '对方账户性质',
    '账户性质',
    '付款账户类型',
    '公私标志',
    '对公对私',
    'payeraccounttype',
    'accounttype',
  ],
  remittance: [
    '附言',
    '交易附言',
    '客户附言',
    '用途',
    '交易用途',
    '汇款用途',
    '留言',
    '备注',
    '摘要',
    '交易摘要',
    'remittance',
    'remittanceinformation',
    'purpose',
    'memo',
    'description',
    'narrative',
  ],
  reference: [
    '交易流水号',
    '银行流水号',
    '核心流水号',
    '主机流水号',
    '流水号',
    '业务流水号',
    '交易流水',
    '流水',
    '银行参考号',
    '交易参考号',
    'reference',
    'bankreference',
    'transactionid',
    'transactionreference',
  ],
  reversal: ['冲正标志', '冲正标记', '冲销标志', '红冲标志', '是否冲正', '冲正', 'reversal', 'reversalflag'],
  reversalOf: ['原流水号', '原交易流水号', '被冲正流水号', '被冲流水号', '冲正原流水号', 'reversalof', 'originalreference'],
} as const;
export type ColumnKind = keyof typeof columnNames;

/** Where each kind stands; remittance may stand in several columns. */
export type ColumnMap = Partial<Record<Exclude<ColumnKind, 'remittance'>, number>> & { remittance: number[] };

/** 借方发生额（支取）, 金额(元), Booked At → the word alone. */
export function headingOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_"']/g, '')
    .replace(/\([^()]*\)$/g, '')
    .replace(/\/元$/, '');
}

export function mapColumns(cells: readonly string[]): ColumnMap {
  const headings = cells.map(headingOf);
  const map: ColumnMap = { remittance: [] };
  for (const kind of Object.keys(columnNames) as ColumnKind[]) {
    const names: readonly string[] = columnNames[kind];
    if (kind === 'remittance') map.remittance = headings.flatMap((heading, index) => (names.includes(heading) ? [index] : []));
    else {
      const name = names.find((each) => headings.includes(each));
      if (name !== undefined) map[kind] = headings.indexOf(name);
    }
  }
  return withOneDay(map, headings);
}

/** A column called a time is the day too where nothing else is; beside a day it is its time. */
function withOneDay(map: ColumnMap, headings: readonly string[]): ColumnMap {
  const isTime = (index: number | undefined) => index !== undefined && /时间$|^time$/.test(headings[index] ?? '');
  if (isTime(map.tradeDay) && map.bookedDay !== undefined && !isTime(map.bookedDay)) delete map.tradeDay;
  if (isTime(map.bookedDay) && map.tradeDay !== undefined) delete map.bookedDay;
  if (map.time === map.tradeDay || map.time === map.bookedDay) delete map.time;
  return map;
}

/** The words for what a header lacks, or null when it has all that is needed. */
export function missingIn(map: ColumnMap): { missing: string; missingEn: string } | null {
  if (map.bookedDay === undefined && map.tradeDay === undefined) return { missing: '日期', missingEn: 'day' };
  if (map.amountFen === undefined && map.amount === undefined && map.credit === undefined) return { missing: '金额', missingEn: 'amount' };
  if (map.payerName === undefined && map.reference === undefined)
    return { missing: '对方户名或流水号', missingEn: 'other party or reference' };
  return null;
}

export const kindsIn = ({ remittance, ...map }: ColumnMap) => Object.keys(map).length + (remittance.length > 0 ? 1 : 0);
