import { fieldError, heldReasonWords, requireDay } from '#domain';
import { BankCredit } from '#persistence';
import { queues, statementWorkflowId, workflowTypes, type StatementInput } from '#workflows/contract';
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Documented, Input } from '../platform/input.js';

const STATES = ['recorded', 'matched', 'held', 'to-refund', 'explained', 'reversed'] as const;
const creditView = z.object({
  id: z.string(),
  bankReference: z.string(),
  bookedAt: z.string(),
  amountFen: z.number(),
  payerName: z.string(),
  payerAccountType: z.string(),
  remittance: z.string(),
  source: z.string(),
  state: z.enum(STATES),
  orderId: z.string().nullable(),
  surplusFen: z.number(),
  /** The identity of the entry by which the bank took it back. */
  reversedBy: z.string().nullable(),
  reason: z.object({ code: z.string(), zh: z.string(), en: z.string() }).nullable(),
});

const nothing = z.strictObject({});
const importView = z.object({ lines: z.number(), added: z.number() });

@ApiTags('credits')
@Controller('credits')
export class CreditsController {
  constructor(private readonly context: ApiContext) {}

  /** Finance's list. What is held stays here with its reason until a person has explained it. */
  @Get()
  @Allow('credits.read')
  @ApiQuery({ name: 'state', enum: STATES, required: false })
  @Documented({ answers: z.array(creditView) })
  async list(@Query('state') state?: unknown): Promise<z.infer<typeof creditView>[]> {
    const wanted = STATES.find((each) => each === state);
    if (state !== undefined && !wanted) throw fieldError('state', 'FIELD_CHOICE');
    const credits = await this.context.data.manager.find(BankCredit, {
      where: wanted ? { state: wanted } : {},
      order: { recordedAt: 'DESC' },
      take: 500,
    });
    return credits.map(({ heldReason, bookedAt, ...credit }) => ({
      ...credit,
      bookedAt: bookedAt.toISOString(),
      reason: heldReason ? { code: heldReason, ...heldReasonWords[heldReason] } : null,
    }));
  }

  /** Takes a day's statement from the bank. Taken twice, it adds nothing. */
  @Post('statements/:day')
  @HttpCode(200)
  @Allow('credits.import')
  @Documented({ takes: nothing, answers: importView })
  async importStatement(@Param('day') text: string, @Input(nothing) _: z.infer<typeof nothing>): Promise<z.infer<typeof importView>> {
    const day = requireDay(text, 'day');
    return this.context.engine.workflow.execute<(input: StatementInput) => Promise<z.infer<typeof importView>>>(
      workflowTypes.importStatement,
      {
        workflowId: statementWorkflowId(day),
        taskQueue: queues.business,
        args: [{ day }],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowExecutionTimeout: '5 minutes',
        staticSummary: `银行对账单 Bank statement ${day}`,
      },
    );
  }
}
