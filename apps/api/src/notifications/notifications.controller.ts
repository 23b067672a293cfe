import { smsTemplates, smsTemplatesEn, type SmsTemplate } from '#domain';
import { ReminderOptOut } from '#persistence';
import { Controller, Get, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, Caller, type Applicant } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Documented, Input } from '../platform/input.js';

const wish = z.strictObject({ reminders: z.boolean() });
const preview = z.array(z.object({ template: z.string(), zh: z.string(), en: z.string(), values: z.array(z.string()) }));

@ApiTags('notifications')
@Controller('notifications')
export class NotificationsController {
  constructor(private readonly context: ApiContext) {}

  @Get()
  @Allow('applicant')
  @Documented({ answers: wish })
  async read(@Caller() { phone }: Applicant) {
    return { reminders: !(await this.context.data.manager.existsBy(ReminderOptOut, { phone })) };
  }

  /** Whether this phone wants reminders. What a case needs is sent all the same. */
  @Put()
  @Allow('applicant')
  @Documented({ takes: wish, answers: wish })
  async set(@Caller() { phone }: Applicant, @Input(wish) { reminders }: z.infer<typeof wish>) {
    const { manager } = this.context.data;
    if (reminders) await manager.delete(ReminderOptOut, { phone });
    else await manager.createQueryBuilder().insert().into(ReminderOptOut).values({ phone, since: this.context.now() }).orIgnore().execute();
    return { reminders };
  }

  /** Every message as it would be sent, in both languages, with the values it takes. */
  @Get('templates')
  @Allow('applications.read')
  @Documented({ answers: preview })
  templates(): z.infer<typeof preview> {
    return (Object.keys(smsTemplates) as SmsTemplate[]).map((template) => {
      const zh = smsTemplates[template];
      return { template, zh, en: smsTemplatesEn[template], values: [...zh.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '') };
    });
  }
}
