/** The eight kinds of role account on the procurement platform (G: business.md, "Account binding"). */
export const accountKinds = {
  'drug-production': { zh: '药品生产', en: 'Drug production' },
  'drug-distribution': { zh: '药品配送', en: 'Drug distribution' },
  'consumables-domestic-production': { zh: '耗材国内生产', en: 'Consumables, domestic production' },
  'consumables-overseas': { zh: '耗材境外企业', en: 'Consumables, overseas' },
  'consumables-distribution': { zh: '耗材配送', en: 'Consumables distribution' },
  'reagents-domestic-production': { zh: '试剂国内生产', en: 'Reagents, domestic production' },
  'reagents-overseas': { zh: '试剂境外企业', en: 'Reagents, overseas' },
  'reagents-distribution': { zh: '试剂配送', en: 'Reagents distribution' },
} as const;
export type AccountKind = keyof typeof accountKinds;
export const isAccountKind = (name: string): name is AccountKind => Object.hasOwn(accountKinds, name);
