/** Why a parked case goes on: a code, since what an operator types into the engine stays in its history, where no names belong. */
export const resumeReasons = {
  'cause-mended': { zh: '原因已排除', en: 'the cause was mended' },
  'outside-answered': { zh: '外部系统已恢复或已核实', en: 'the outside system works again, or was asked' },
  'done-by-hand': { zh: '该步骤已由人工完成', en: 'the step was done by hand' },
  'try-again': { zh: '再试一次', en: 'to try again' },
} as const;
export type ResumeReason = keyof typeof resumeReasons;

export interface Resumption {
  reason: ResumeReason;
  /** The staff id of whoever resumes. That it is one the validator sees; whose it is, the step that records it. */
  by: string;
}

/** Why an operator holds a case that could go on. */
export const holdReasons = {
  'under-inquiry': { zh: '核查中', en: 'it is being looked into' },
  'outside-stopped': { zh: '外部系统停用', en: 'an outside system is being stopped' },
  'asked-by-applicant': { zh: '申请单位要求暂缓', en: 'the organisation asked to wait' },
} as const;
export type HoldReason = keyof typeof holdReasons;

export interface Hold {
  reason: HoldReason;
  by: string;
}

/** Beside the codes of errors: a person has parked it, nothing failed. */
export const HELD = 'HELD';

export const isResumption = (input: unknown): input is Resumption => isTyped(input, resumeReasons);
export const isHold = (input: unknown): input is Hold => isTyped(input, holdReasons);

/** Operators type it by hand: both parts are there and are what they should be. */
function isTyped(input: unknown, reasons: object): boolean {
  if (typeof input !== 'object' || input === null) return false;
  const { reason, by } = input as Record<string, unknown>;
  return typeof reason === 'string' && Object.hasOwn(reasons, reason) && typeof by === 'string' && STAFF_ID.test(by);
}

const STAFF_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The first staff id in what an operator wrote; the rest is free text and goes nowhere. */
export const staffIdIn = (text: string): string | null => text.split(/[^0-9a-f-]+/).find((word) => STAFF_ID.test(word)) ?? null;

/** Why the office ends a case that nobody withdrew. */
export const cancelReasons = {
  'applicant-unreachable': { zh: '无法联系申请人', en: 'the applicant cannot be reached' },
  duplicate: { zh: '重复申请', en: 'it was applied for twice' },
  'wrong-business': { zh: '业务类型选择有误', en: 'another business is meant' },
  'key-revoked': { zh: '原证书已吊销', en: 'the certificate was revoked meanwhile' },
} as const;
export type CancelReason = keyof typeof cancelReasons;
