/** The certificate businesses this office does, and the catalogue that leads to them. */
import type { BusinessDefinition } from './definition.js';
import { newCertificate } from './new.js';

export * from './definition.js';

export const businesses = { new: newCertificate } as const satisfies Record<string, BusinessDefinition>;
export type BusinessSlug = keyof typeof businesses;
export const isBusiness = (slug: string): slug is BusinessSlug => Object.hasOwn(businesses, slug);

/** G: business → field → system, as the portal leads to it. */
export const catalogue = [
  {
    business: 'new',
    sectors: [
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
    ],
  },
] as const satisfies readonly {
  business: BusinessSlug;
  sectors: readonly { slug: string; zh: string; en: string; systems: readonly { slug: string; zh: string; en: string }[] }[];
}[];
