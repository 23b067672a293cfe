import { XinyinError } from '#domain';
import { AuditEntry, brokenLink, Certificate, DocumentRow, Seal } from '#persistence';
import { Controller, Get, HttpCode, Param, Post, Res, type PipeTransform } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { ApplicationsService } from '../applications/applications.service.js';
import { Labels } from '../letters/labels.js';
import { Allow, Caller, type Principal, type Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Documented, Input } from '../platform/input.js';

/** Certificates, seals and labels are counted from one; anything else is a place where nothing is. */
const placePipe: PipeTransform<string, number> = {
  transform(text) {
    if (!/^[1-9]\d{0,3}$/.test(text)) throw new XinyinError('NOT_FOUND');
    return Number(text);
  },
};

const KINDS = ['token-tag', 'waybill', 'receipt'];

const nothing = z.strictObject({});

/** What was made for an application: certificates, seals, papers, and its audit. */
@ApiTags('issued')
@Controller('applications/:id')
export class IssuedController {
  constructor(
    private readonly context: ApiContext,
    private readonly applications: ApplicationsService,
    private readonly labels: Labels,
  ) {}

  @Get('certificates/:index/:kind.pem')
  @Allow('applicant', 'certificates.read')
  @Documented({})
  async certificate(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('index', placePipe) index: number,
    @Param('kind') kind: string,
    @Res() response: Response,
  ) {
    await this.applications.visible(caller, id);
    const wanted = (['signing', 'encryption'] as const).find((each) => each === kind);
    const row = wanted ? await this.context.data.manager.findOneBy(Certificate, { applicationId: id, index, kind: wanted }) : null;
    if (!row?.der) throw new XinyinError('NOT_FOUND');
    const body = row.der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
    response.type('application/x-pem-file').send(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`);
  }

  @Get('seals/:index/:form')
  @Allow('applicant', 'certificates.read')
  @Documented({})
  async seal(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('index', placePipe) index: number,
    @Param('form') form: string,
    @Res() response: Response,
  ) {
    await this.applications.visible(caller, id);
    const seal = await this.context.data.manager.findOneBy(Seal, { applicationId: id, index });
    if (!seal || !['seal.esl', 'seal.png'].includes(form)) throw new XinyinError('NOT_FOUND');
    response.type(form === 'seal.png' ? 'image/png' : 'application/octet-stream').send(form === 'seal.png' ? seal.png : seal.der);
  }

  /** It carries a one-time password: for the dispatcher who packs, once. */
  @Get('documents/token-label/:index.pdf')
  @Allow('dispatch.handOver')
  @Documented({})
  async label(@Caller() caller: Staff, @Param('id') id: string, @Param('index', placePipe) index: number, @Res() response: Response) {
    await this.applications.visible(caller, id);
    const pdf = await this.labels.take(caller, id, index);
    response.type('application/pdf').setHeader('Cache-Control', 'no-store').send(pdf);
  }

  /** The platform resets the account's password, and the new label can be taken, once. */
  @Post('documents/token-label/:index/reprinting')
  @HttpCode(202)
  @Allow('dispatch.handOver')
  @Documented({ takes: nothing, status: 202 })
  async reprint(
    @Caller() caller: Staff,
    @Param('id') id: string,
    @Param('index', placePipe) index: number,
    @Input(nothing) _: z.infer<typeof nothing>,
  ): Promise<void> {
    await this.applications.visible(caller, id);
    await this.labels.reprint(caller, id, index);
  }

  @Get('documents/:kind/:index.pdf')
  @Allow('dispatch.handOver', 'window.handOver')
  @Documented({})
  async document(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('kind') kind: string,
    @Param('index', placePipe) index: number,
    @Res() response: Response,
  ) {
    await this.applications.visible(caller, id);
    const row = KINDS.includes(kind)
      ? await this.context.data.manager.findOneBy(DocumentRow, { owner: `application/${id}`, kind, index })
      : null;
    if (!row) throw new XinyinError('NOT_FOUND');
    response.type(row.mediaType).send(await this.context.objects.get(row.sha256));
  }

  /** The hash chain as JSON lines. Refuses to show a chain that does not hold as if it did. */
  @Get('audit.jsonl')
  @Allow('audit.read')
  @Documented({})
  async audit(@Caller() caller: Principal, @Param('id') id: string, @Res() response: Response) {
    await this.applications.visible(caller, id);
    const entries = await this.context.data.manager.find(AuditEntry, { where: { subject: `application/${id}` }, order: { seq: 'ASC' } });
    if (brokenLink(entries) !== null) throw new XinyinError('AUDIT_BROKEN');
    const lines = entries.map(({ hash, previousHash, ...entry }) =>
      JSON.stringify({ ...entry, previousHash: previousHash.toString('hex'), hash: hash.toString('hex') }),
    );
    response.type('application/x-ndjson').send(`${lines.join('\n')}\n`);
  }
}
