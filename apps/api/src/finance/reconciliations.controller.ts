import { reconcile, requireDay, type Reconciliation } from '#domain';
import { reconciliationWorkbook } from '#documents';
import { readDay } from '#persistence';
import { queues, reconciliationWorkflowId, workflowTypes } from '#workflows/contract';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { Allow } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Documented } from '../platform/input.js';

const words = { zh: z.string(), en: z.string() };
const reconciliationView = z.object({
  day: z.string(),
  tallies: z.array(z.object({ ...words, count: z.number(), amountFen: z.number() })),
  accounts: z.array(z.object({ code: z.string(), ...words, movementFen: z.number(), balanceFen: z.number() })),
  differences: z.array(z.object({ kind: z.string(), reference: z.string(), amountFen: z.number(), ...words })),
});
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Bank, ledger, orders and invoices of a Shanghai day against each other, as they stand now. No difference is left out. */
@ApiTags('reconciliations')
@Controller('reconciliations')
export class ReconciliationsController {
  constructor(private readonly context: ApiContext) {}

  @Get(':day')
  @Allow('reconciliation.read')
  @Documented({ answers: reconciliationView })
  async read(@Param('day') text: string): Promise<Reconciliation> {
    return reconcile(await readDay(this.context.data.manager, requireDay(text, 'day')));
  }

  @Get(':day/reconciliation.xlsx')
  @Allow('reconciliation.read')
  @Documented({})
  async workbook(@Param('day') text: string, @Res() response: Response): Promise<void> {
    const report = await this.read(text);
    const bytes = await reconciliationWorkbook({ ...report, generatedAt: this.context.now().toISOString() });
    response.type(XLSX).setHeader('Content-Disposition', `attachment; filename="reconciliation-${report.day}.xlsx"`);
    response.send(bytes);
  }

  @Get(':day/reconciliation.pdf')
  @Allow('reconciliation.read')
  @Documented({})
  async paper(@Param('day') text: string, @Res() response: Response): Promise<void> {
    const day = requireDay(text, 'day');
    const printed = await this.context.engine.workflow.execute<(input: { day: string }) => Promise<{ sha256: string }>>(
      workflowTypes.printReconciliation,
      {
        workflowId: reconciliationWorkflowId(day),
        taskQueue: queues.business,
        args: [{ day }],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowExecutionTimeout: '5 minutes',
        staticSummary: `日对账单 Reconciliation ${day}`,
      },
    );
    response.type('application/pdf').setHeader('Content-Disposition', `inline; filename="reconciliation-${day}.pdf"`);
    response.send(await this.context.objects.get(printed.sha256));
  }
}
