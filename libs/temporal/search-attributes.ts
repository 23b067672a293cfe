/** Registers the custom search attributes on a namespace; doing it twice is harmless. */
import type { Connection } from '@temporalio/client';

/** `IndexedValueType` of Temporal's API (temporal/api/enums/v1/common.proto). */
const KEYWORD = 2;
const DATETIME = 6;
const WANTED: Record<string, number> = {
  BusinessType: KEYWORD,
  Stage: KEYWORD,
  ApplicationNo: KEYWORD,
  Channel: KEYWORD,
  WaitingFor: KEYWORD,
  DueAt: DATETIME,
};

export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.fromEntries(Object.entries(WANTED).filter(([name]) => !customAttributes?.[name]));
  if (Object.keys(missing).length > 0) await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: missing });
}
