/** Registers the custom search attributes on a namespace; doing it twice is harmless. */
import { temporal } from '@temporalio/proto';
import type { Connection } from '@temporalio/client';

const { IndexedValueType } = temporal.api.enums.v1;
const KEYWORDS = ['BusinessType', 'Stage', 'ApplicationNo', 'Channel', 'WaitingFor'];

export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const wanted: Record<string, temporal.api.enums.v1.IndexedValueType> = { DueAt: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME };
  for (const name of KEYWORDS) wanted[name] = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
  const missing = Object.fromEntries(Object.entries(wanted).filter(([name]) => !customAttributes?.[name]));
  if (Object.keys(missing).length > 0) await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: missing });
}
