/** The tariff as the rules take it. */
import { calendarDay, fen, type TariffItem } from '#domain';
import type { EntityManager } from 'typeorm';
import { TariffRow } from './entities/money.js';

export async function readTariff(tx: EntityManager): Promise<TariffItem[]> {
  const rows = await tx.find(TariffRow);
  return rows.map(({ code, amountFen, confirmed, validFrom, validTo }) => ({
    code,
    amountFen: fen(amountFen),
    confirmed,
    validFrom: calendarDay(validFrom),
    validTo: validTo === null ? null : calendarDay(validTo),
  }));
}
