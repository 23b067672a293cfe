/** Writes one row of the error table on one line. Order: status, retryable, zh, en, remedy zh, remedy en. */
export function row(status: number, retryable: boolean, zh: string, en: string, remedyZh: string, remedyEn: string) {
  return { status, retryable, zh, en, remedyZh, remedyEn } as const;
}
