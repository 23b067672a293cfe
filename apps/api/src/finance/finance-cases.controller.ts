import { financeMatters, XinyinError } from '#domain';
import { appendAudit, FinanceCase } from '#persistence';
import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsNull } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { z } from 'zod';
import { Allow, Caller, type Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Documented, Input } from '../platform/input.js';
import { noteText } from './explanations.controller.js';

const caseView = z.object({
  id: z.string(),
  kind: z.string(),
  zh: z.string(),
  en: z.string(),
  creditId: z.string().nullable(),
  orderId: z.string().nullable(),
  amountFen: z.number(),
  openedAt: z.string(),
});
const closure = z.strictObject({ note: noteText });

/** What a person of finance has to see to: nothing follows from it by itself. */
@ApiTags('finance-cases')
@Controller('finance-cases')
export class FinanceCasesController {
  constructor(private readonly context: ApiContext) {}

  /** Open ones, oldest first. */
  @Get()
  @Allow('financeCases.read')
  @Documented({ answers: z.array(caseView) })
  async list(): Promise<z.infer<typeof caseView>[]> {
    const where = { closedAt: IsNull() };
    const open = await this.context.data.manager.find(FinanceCase, { where, order: { openedAt: 'ASC' }, take: 500 });
    return open.map(({ id, kind, creditId, orderId, amountFen, openedAt }) => {
      return { id, kind, ...financeMatters[kind], creditId, orderId, amountFen, openedAt: openedAt.toISOString() };
    });
  }

  /** Finance has seen to it, and says how. */
  @Post(':id/closure')
  @HttpCode(204)
  @Allow('financeCases.close')
  @Documented({ takes: closure, status: 204 })
  async close(@Caller() caller: Staff, @Param('id') id: string, @Input(closure) { note }: z.infer<typeof closure>): Promise<void> {
    const { data, now } = this.context;
    await data.transaction(async (tx) => {
      const found = isUuid(id) ? await tx.findOne(FinanceCase, { where: { id }, lock: { mode: 'pessimistic_write' } }) : null;
      if (!found) throw new XinyinError('NOT_FOUND');
      if (found.closedAt !== null) throw new XinyinError('ALREADY_DECIDED');
      await tx.update(FinanceCase, { id }, { closedAt: now(), closedBy: caller.staffId, note });
      const actor = { kind: 'staff', id: caller.staffId } as const;
      const subject = `finance-case/${id}`;
      await appendAudit(tx, { subject, at: now(), actor, action: 'finance.closed', details: { code: found.kind }, onceKey: 'closed' });
    });
  }
}
