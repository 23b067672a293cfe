/** How figures are written for people. */
import { businesses, channelWords, fen, yuan, type BusinessSlug, type Channel } from '#domain';
import type { PaymentWay } from '../assumptions.js';
import type { Spread } from './figures.js';

export const both = ({ zh, en }: { zh: string; en: string }): string => `${zh} ${en}`;
export const number = (value: number): string => Math.round(value).toLocaleString('en');
export const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
export const money = (amountFen: number): string => `${yuan(fen(amountFen))} 元`;
export const businessName = (business: BusinessSlug, channel: Channel): string =>
  `${businesses[business].zh} · ${channelWords[channel].zh}`;
export const businessEnglish = (business: BusinessSlug, channel: Channel): string =>
  `${businesses[business].en}, ${channelWords[channel].en}`;

/** Hours as people say them. */
export function span(hours: number): string {
  if (hours >= 48) return `${(hours / 24).toFixed(1)} 天 d`;
  return hours >= 1 ? `${hours.toFixed(1)} 小时 h` : `${Math.round(hours * 60)} 分 min`;
}
export const spread = ({ median, ninth, most }: Spread, write: (value: number) => string): string[] => [
  write(median),
  write(ninth),
  write(most),
];

export const wayWords: Record<PaymentWay | 'both at once', { zh: string; en: string }> = {
  exact: { zh: '足额', en: 'exact' },
  short: { zh: '少付后补足', en: 'too little, then the rest' },
  over: { zh: '多付', en: 'too much' },
  twice: { zh: '重复付款', en: 'twice' },
  'wrong-payer': { zh: '他人代付', en: 'another payer' },
  personal: { zh: '个人账户', en: 'a personal account' },
  late: { zh: '逾期付款', en: 'too late' },
  never: { zh: '未付', en: 'never' },
  'both at once': { zh: '一笔付两单', en: 'two orders by one transfer' },
};
export const outageWords: Record<string, { zh: string; en: string }> = {
  system: { zh: '系统停机', en: 'the office’s system' },
  platform: { zh: '平台停用', en: 'the platform' },
  bankPush: { zh: '银行推送中断（次日对账单补入）', en: 'the bank’s push; the next day’s statement tells' },
};
export const explanationWords: Record<string, { zh: string; en: string }> = {
  allocation: { zh: '确认为本单位付款', en: 'the organisation’s own after all' },
  refund: { zh: '退回付款人', en: 'given back' },
  other: { zh: '其他收入', en: 'other income' },
};
export const invariantWords: Record<string, { zh: string; en: string }> = {
  'every credit accounted for': { zh: '每笔款项都有着落', en: 'every credit accounted for' },
  'no certificate twice': { zh: '没有重复的证书', en: 'no certificate twice' },
  'no case without an end or a named waiter': { zh: '每件申请或已结束，或注明等谁', en: 'no case without an end or a named waiter' },
  'every completion dispatched on the right Friday': {
    zh: '每件办结在正确的周五寄出',
    en: 'every completion dispatched on the right Friday',
  },
};
