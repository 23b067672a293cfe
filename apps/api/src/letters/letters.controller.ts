import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, Caller, type Staff } from '../platform/access.js';
import { Documented, Input } from '../platform/input.js';
import { Letters } from './letters.js';

const receiver = z.strictObject({ recipient: z.string().max(200), phone: z.string().max(40), address: z.string().max(400) });
const nothing = z.strictObject({});
const letterView = z.object({
  number: z.string(),
  day: z.string(),
  /** The year's holidays are not published yet, so that the day may still change. */
  provisional: z.boolean(),
  state: z.string(),
  trackingNumber: z.string().nullable(),
  delivery: z.object({ code: z.string(), zh: z.string(), en: z.string(), at: z.string() }).nullable(),
  sendings: z.number(),
  freeReissues: z.array(z.object({ serial: z.string(), used: z.boolean() })),
});
const resent = z.object({ day: z.string(), provisional: z.boolean() });

/** What happens to a letter after the hand-over, by the number of its application. */
@ApiTags('letters')
@Controller('letters')
export class LettersController {
  constructor(private readonly letters: Letters) {}

  @Get(':number')
  @Allow('letters.read')
  @Documented({ answers: letterView })
  read(@Param('number') number: string): Promise<z.infer<typeof letterView>> {
    return this.letters.read(number);
  }

  @Post(':number/resending')
  @HttpCode(200)
  @Allow('letters.resend')
  @Documented({ takes: receiver, answers: resent })
  resend(
    @Caller() caller: Staff,
    @Param('number') number: string,
    @Input(receiver) input: z.infer<typeof receiver>,
  ): Promise<z.infer<typeof resent>> {
    return this.letters.resend(caller, number, input);
  }

  @Post(':number/free-reissue')
  @HttpCode(204)
  @Allow('letters.grantReissue')
  @Documented({ takes: nothing, status: 204 })
  grantReissue(@Caller() caller: Staff, @Param('number') number: string, @Input(nothing) _: z.infer<typeof nothing>): Promise<void> {
    return this.letters.grantReissue(caller, number);
  }
}
