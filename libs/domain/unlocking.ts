/** 证书解锁: which way a holder asks for it (G), and why the second person refuses (D). */
export const unlockContacts = {
  telephone: { zh: '客服电话 400-028-1130', en: 'customer service by telephone, 400-028-1130' },
  qq: { zh: '客服 QQ 4008676868', en: 'customer service by QQ, 4008676868' },
} as const;
export type UnlockContact = keyof typeof unlockContacts;

export const unlockRefusals = {
  'identity-doubtful': { zh: '无法确认申请人身份', en: 'it is doubtful who asks' },
  'not-asked-for': { zh: '持有人未申请解锁', en: 'the holder did not ask for it' },
  'opened-by-mistake': { zh: '误开工单', en: 'the ticket was opened by mistake' },
} as const;
export type UnlockRefusal = keyof typeof unlockRefusals;

/** What the second person says. Ids and codes only: it stands in the case's history. */
export type UnlockDecision =
  | { readonly outcome: 'approved'; readonly by: string }
  | { readonly outcome: 'rejected'; readonly reason: UnlockRefusal; readonly by: string };
