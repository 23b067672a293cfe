/** Every business over every channel in one table: what docs/businesses.md shows and the catalogue tells, from the same definitions. */
import { materials } from '../materials.js';
import { stages } from '../stages.js';
import { tariffWords, type FeeRequest } from '../fees.js';
import { businesses, channelsOf, wayOf, type BusinessDefinition, type BusinessSlug, type Channel, type Proof } from './index.js';

export interface Words {
  readonly zh: string;
  readonly en: string;
}

export interface BusinessRow {
  readonly business: BusinessSlug;
  readonly channel: Channel;
  readonly name: Words;
  readonly proof: Words;
  readonly stages: readonly Words[];
  readonly materials: readonly Words[];
  readonly fees: readonly { readonly item: Words; readonly per: Words }[];
  readonly ends: Words;
}

export const channelWords: Record<Channel, Words> = {
  online: { zh: '网厅', en: 'portal' },
  window: { zh: '窗口', en: 'window' },
  telephone: { zh: '电话', en: 'telephone' },
};

export const proofWords: Record<Proof, Words> = {
  'corporate-transfer': { zh: '公对公转账', en: 'corporate transfer' },
  'current-key': { zh: '现有证书密钥签名', en: 'signature by the current key' },
  'in-person': { zh: '本人到场，两人办理', en: 'in person, two clerks' },
  'platform-password': { zh: '平台账号密码校验', en: 'the account’s password, checked by the platform' },
  'call-back': { zh: '回拨登记手机', en: 'call-back to the registered phone' },
};

export function businessTable(): BusinessRow[] {
  return (Object.keys(businesses) as BusinessSlug[]).flatMap((business) => {
    const { zh, en, fees }: BusinessDefinition = businesses[business];
    return channelsOf(business).flatMap((channel) => {
      const way = wayOf(business, channel);
      if (!way) return [];
      return [
        {
          business,
          channel,
          name: { zh, en },
          proof: proofWords[way.proof],
          stages: way.stages.map((stage) => stages[stage]),
          materials: way.materials.map((material) => materials[material]),
          fees: fees({ count: 1, years: 1 }).map((request) => ({ item: tariffWords[request.code], per: PER[request.code] })),
          ends: way.ends,
        },
      ];
    });
  });
}

const PER: Record<FeeRequest['code'], Words> = {
  opening: { zh: '每张一次', en: 'a certificate, once' },
  'annual-service': { zh: '每张每年', en: 'a certificate and year' },
  reissue: { zh: '每张每次', en: 'a certificate and time' },
  change: { zh: '由主管核定', en: 'set by a supervisor' },
};
