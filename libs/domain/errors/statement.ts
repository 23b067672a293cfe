/** Why a statement file is refused. `STATEMENT_REFUSED` is the answer; the others stand in its `fields`, each with the place it was found at. */
import { row } from './row.js';

// prettier-ignore
export const statementErrors = {
  STATEMENT_REFUSED: row(422, false, '对账单有误，整份未导入。', 'The statement has a fault and was not taken at all.', '请按指明的位置核对，由银行重新导出后再导入。', 'Look at the place named, have the bank export it again, and import that.'),
  STATEMENT_FORMAT: row(422, false, '不是可识别的对账单（CSV、XLSX、camt.053、MT940）。', 'Not a statement in a known format (CSV, XLSX, camt.053, MT940).', '请从网银导出其中一种格式；旧版 .xls 或加密文件请另存为未加密的 .xlsx。', 'Export one of these formats; save an old .xls or an encrypted file as a plain .xlsx.'),
  STATEMENT_ENCODING: row(422, false, '编码既不是 UTF-8 也不是 GB18030，或已损坏。', 'The text is neither UTF-8 nor GB18030, or is damaged.', '请重新导出，不要用其他软件转存。', 'Export it again and do not save it with other software.'),
  STATEMENT_TOO_LARGE: row(413, false, '对账单超过 {limit} MB。', 'The statement is larger than {limit} MB.', '请按较短的日期范围分次导出。', 'Export shorter ranges of days.'),
  STATEMENT_TOO_MANY: row(422, false, '对账单超过 {limit} 笔。', 'The statement has more than {limit} entries.', '请按较短的日期范围分次导出。', 'Export shorter ranges of days.'),
  STATEMENT_INFLATED: row(422, false, '压缩内容展开后超过 {limit} MB。', 'The compressed content unfolds to more than {limit} MB.', '请核实文件来源，由银行重新导出。', 'Check where the file comes from and export it again.'),
  STATEMENT_STRUCTURE: row(422, false, '结构不完整或无法解析。', 'The structure is broken and cannot be read.', '请重新导出，不要手工修改。', 'Export it again and do not edit it by hand.'),
  STATEMENT_CUT: row(422, false, '内容不完整，末尾缺失。', 'The end is missing: the content was cut off.', '请重新下载完整文件。', 'Download the whole file again.'),
  STATEMENT_HEADER: row(422, false, '缺少必需的列：{missing}。', 'A column that is needed is missing: {missingEn}.', '请导出带表头的明细，包含日期、金额、对方户名。', 'Export the details with their header: day, amount, other party.'),
  STATEMENT_DATE: row(422, false, '日期不正确。', 'Not a date.', '请由银行重新导出。', 'Have the bank export it again.'),
  STATEMENT_DATE_FUTURE: row(422, false, '日期在今天之后。', 'The date has not come yet.', '请核对日期，或在该日之后再导入。', 'Check the date, or import the file after that day.'),
  STATEMENT_OTHER_DAY: row(422, false, '不属于所要的日期。', 'Belongs to another day than the one asked for.', '请联系银行核对。', 'Ask the bank.'),
  STATEMENT_OTHER_ACCOUNT: row(422, false, '不是本机构账户的对账单。', 'The statement of an account that is not ours.', '请导出本机构收款账户的明细；账户有变更的，请先更新设置。', 'Export the details of our own account; if the account has changed, have the setting changed first.'),
  STATEMENT_AMOUNT: row(422, false, '金额不正确。', 'Not an amount.', '请由银行重新导出。', 'Have the bank export it again.'),
  STATEMENT_DIRECTION: row(422, false, '无法确定收入还是支出。', 'It cannot be told whether this is in or out.', '请导出带借贷标志或借贷两列的明细。', 'Export details with a mark or two columns for debit and credit.'),
  STATEMENT_CURRENCY: row(422, false, '只接受人民币。', 'Only CNY is taken.', '请导出人民币账户的明细。', 'Export the details of the CNY account.'),
  STATEMENT_REFERENCE: row(422, false, '流水号不正确。', 'Not a reference of the bank.', '请由银行重新导出。', 'Have the bank export it again.'),
  STATEMENT_REFERENCE_TWICE: row(422, false, '同一流水号对应两笔不同的交易。', 'One reference stands for two different entries.', '请联系银行核对。', 'Ask the bank.'),
  STATEMENT_ACCOUNT_TYPE: row(422, false, '账户类型不正确。', 'Not a kind of account.', '请由银行重新导出。', 'Have the bank export it again.'),
  STATEMENT_TEXT: row(422, false, '含有控制字符或损坏的字符。', 'Holds control characters or damaged ones.', '请重新导出，不要用其他软件转存。', 'Export it again and do not save it with other software.'),
  STATEMENT_TEXT_LONG: row(422, false, '文字过长，最多 {limit} 个字符。', 'Too long: at most {limit} characters.', '请由银行重新导出。', 'Have the bank export it again.'),
  STATEMENT_FORMULA: row(422, false, '单元格含有公式，银行导出的应为数值。', 'The cell holds a formula, where a bank writes a value.', '请使用银行的原始文件。', 'Use the file as the bank made it.'),
  STATEMENT_TOTAL: row(422, false, '合计与明细不符。', 'The total is not that of the entries.', '有明细缺失或被改动，请重新导出。', 'Entries are missing or were changed: export it again.'),
  STATEMENT_BALANCE: row(422, false, '余额与明细不符。', 'The balance does not follow from the entries.', '有明细缺失或被改动，请重新导出。', 'Entries are missing or were changed: export it again.'),
} as const;
