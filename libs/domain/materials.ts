/** Papers that come with an application, each with a fresh company stamp (G). */
export const materials = {
  'application-form': { zh: '《企业机构电子签名认证证书及印章业务申请表》原件', en: 'Application form, original' },
  licence: { zh: '单位证照复印件', en: 'Copy of the organisation’s licence' },
  'agent-id': { zh: '授权经办人有效身份证复印件', en: 'Copy of the agent’s identity card' },
  'authorisation-letter': { zh: '变更经办人授权书', en: 'Letter of authorisation for another agent' },
} as const;
export type Material = keyof typeof materials;
export const isMaterial = (name: string): name is Material => Object.hasOwn(materials, name);

/** Comes later than the application and apart from it: no draft takes it, and no review returns it. */
export const AUTHORISATION_LETTER = 'authorisation-letter' satisfies Material;
export const isFiledMaterial = (name: string): name is Exclude<Material, typeof AUTHORISATION_LETTER> =>
  isMaterial(name) && name !== AUTHORISATION_LETTER;

/** What a file must be. D: the limit is what a 300 dpi grey scan of twenty pages needs. */
export const fileRules = { maxBytes: 10 * 1024 * 1024, mediaTypes: ['application/pdf', 'image/jpeg', 'image/png'] } as const;
export type MediaType = (typeof fileRules.mediaTypes)[number];

/** Agreements of which the version, the moment and the session of acceptance are recorded. A new text is a new version. */
export const agreements = {
  'subscriber-agreement': { version: '2026-01', zh: '电子认证服务订户协议', en: 'Subscriber agreement' },
  'personal-data': { version: '2026-01', zh: '个人信息处理同意书', en: 'Consent to process personal data' },
} as const;
export type Agreement = keyof typeof agreements;
export const isAgreement = (name: string): name is Agreement => Object.hasOwn(agreements, name);
