import { Controller, Get, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, Caller, type Principal } from '../platform/access.js';
import { Documented } from '../platform/input.js';
import { Subjects } from './subjects.js';

const certificateView = z.object({
  serial: z.string(),
  number: z.string(),
  certificateName: z.string(),
  state: z.enum(['valid', 'held', 'revoked']),
  notBefore: z.string(),
  notAfter: z.string(),
  renewableFrom: z.string(),
  possible: z.array(z.string()),
});

@ApiTags('certificates')
@Controller('certificates')
export class CertificatesController {
  constructor(private readonly subjects: Subjects) {}

  /** An applicant's own; for the office those of an organisation. `possible` are the businesses that may begin now. */
  @Get()
  @Allow('applicant', 'certificates.read')
  @ApiQuery({ name: 'uscc', required: false })
  @Documented({ answers: z.array(certificateView) })
  list(@Caller() caller: Principal, @Query('uscc') uscc?: unknown) {
    return this.subjects.list(caller, typeof uscc === 'string' ? uscc.toUpperCase() : undefined);
  }
}
