/** The certificate businesses by their names, and the catalogue that leads to them. */
import type { BusinessDefinition, Channel, Way } from './definition.js';
import { accountBinding } from './account-binding.js';
import { change } from './change.js';
import { newCertificate } from './new.js';
import { reissue } from './reissue.js';
import { renewalAfterExpiry, renewalWhileValid } from './renewal.js';
import { revocation } from './revocation.js';
import { unlock } from './unlock.js';

export const businesses = {
  new: newCertificate,
  'renewal-valid': renewalWhileValid,
  'renewal-expired': renewalAfterExpiry,
  change,
  reissue,
  revocation,
  'account-binding': accountBinding,
  unlock,
} as const satisfies Record<string, BusinessDefinition>;
export type BusinessSlug = keyof typeof businesses;

/** How a business is done over a channel; null when the channel does not take it. */
export function wayOf(business: BusinessSlug, channel: Channel): Way | null {
  const { ways }: BusinessDefinition = businesses[business];
  return ways[channel] ?? null;
}
export const channelsOf = (business: BusinessSlug) => Object.keys(businesses[business].ways) as Channel[];
export const isBusiness = (slug: string): slug is BusinessSlug => Object.hasOwn(businesses, slug);

/** G: field → system, as the portal leads to it. Every business that has a form leads to the same. */
const sectors = [
  {
    slug: 'government-procurement',
    zh: '政府采购',
    en: 'Government procurement',
    systems: [
      {
        slug: 'sichuan-medicine-procurement',
        zh: '四川省药品和医用耗材招采管理子系统',
        en: 'Sichuan procurement subsystem for medicines and medical consumables',
      },
    ],
  },
] as const;

/** G: a binding is begun at the account itself, an unlocking by telephone or QQ: no form leads to them. */
const withoutForm: readonly BusinessSlug[] = ['account-binding', 'unlock'];
/** Whether a draft leads to it. */
export const isApplied = (business: BusinessSlug): boolean => !withoutForm.includes(business);

/** G: business → field → system. */
export const catalogue = (Object.keys(businesses) as BusinessSlug[]).filter(isApplied).map((business) => ({ business, sectors }));
