/** The API, put together. `createApi` opens nothing: what it uses is given to it, so tests start the same application. */
import 'reflect-metadata';
import { Module, RequestMethod, type DynamicModule, type INestApplication } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, NestFactory, Reflector } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import helmet from 'helmet';
import type { NextFunction, Request, Response } from 'express';
import { XinyinError } from '#domain';
import { AccountBindingsController } from './account-bindings/account-bindings.controller.js';
import { AccountBindingsService } from './account-bindings/account-bindings.service.js';
import { AccountChecks } from './account-bindings/account-checks.js';
import { PlatformDecisions } from './account-bindings/platform-decisions.js';
import { AgentChangesController } from './agent-changes/agent-changes.controller.js';
import { AgentChangesService } from './agent-changes/agent-changes.service.js';
import { ApplicationsController } from './applications/applications.controller.js';
import { ApplicationsService } from './applications/applications.service.js';
import { CallbacksController } from './callbacks/callbacks.controller.js';
import { SmsReceipts } from './callbacks/sms-receipts.js';
import { NotificationsController } from './notifications/notifications.controller.js';
import { CodecController } from './codec/codec.controller.js';
import { CertificatesController } from './certificates/certificates.controller.js';
import { KeyChallenges } from './certificates/key-challenges.js';
import { Subjects } from './certificates/subjects.js';
import { CalendarController } from './calendar/calendar.controller.js';
import { OfficeDays } from './calendar/office-days.js';
import { CatalogueController } from './catalogue/catalogue.controller.js';
import { CreditsController } from './credits/credits.controller.js';
import { StatementsController } from './credits/statements.controller.js';
import { StatementsService } from './credits/statements.service.js';
import { DemoController } from './demo/demo.controller.js';
import { DispatchesController } from './dispatches/dispatches.controller.js';
import { CaseStarter } from './cases/case-starter.js';
import { OperatorActs } from './cases/operator-acts.js';
import { DraftsController } from './drafts/drafts.controller.js';
import { DraftsService } from './drafts/drafts.service.js';
import { SubmissionService } from './drafts/submission.service.js';
import { Explanations } from './finance/explanations.js';
import { ExplanationsController } from './finance/explanations.controller.js';
import { FinanceCasesController } from './finance/finance-cases.controller.js';
import { ReconciliationsController } from './finance/reconciliations.controller.js';
import { Refunds } from './finance/refunds.js';
import { RefundsController } from './finance/refunds.controller.js';
import { HealthController } from './health/health.controller.js';
import { InstallationsController } from './installations/installations.controller.js';
import { InstallationsService } from './installations/installations.service.js';
import { IssuedController } from './issued/issued.controller.js';
import { Labels } from './letters/labels.js';
import { Letters } from './letters/letters.js';
import { LettersController } from './letters/letters.controller.js';
import { ParcelEvents } from './letters/parcel-events.js';
import { InvoiceLinksController, onlyLinks } from './invoices/invoice-links.controller.js';
import { Invoices } from './invoices/invoices.js';
import { InvoicesController } from './invoices/invoices.controller.js';
import { LoginController } from './login/login.controller.js';
import { Sessions } from './login/sessions.js';
import { SmsCodes } from './login/sms-codes.js';
import { AccessGuard, whyNot } from './platform/access.js';
import { readBody } from './platform/bodies.js';
import { ApiContext } from './platform/context.js';
import { Decisions } from './platform/decisions.js';
import { measureRequests } from './platform/measure.js';
import { openApi } from './platform/input.js';
import { problemSchema } from './platform/problem.js';
import { ProblemFilter } from './platform/problem-filter.js';
import { giveRequestId } from './platform/request-id.js';
import { StorableQuery } from './platform/storable.js';
import { QueueController } from './queue/queue.controller.js';
import { ReviewsController } from './reviews/reviews.controller.js';
import { ReviewsService } from './reviews/reviews.service.js';
import { TasksController } from './tasks/tasks.controller.js';
import { TasksService } from './tasks/tasks.service.js';
import { UnlockRedemptions } from './unlocks/redemptions.js';
import { UnlockTickets } from './unlocks/tickets.js';
import { UnlocksController } from './unlocks/unlocks.controller.js';
import { WindowController } from './window/window.controller.js';

const controllers = [
  LoginController,
  CatalogueController,
  CalendarController,
  DraftsController,
  IssuedController,
  ApplicationsController,
  AgentChangesController,
  ReviewsController,
  StatementsController,
  CreditsController,
  ExplanationsController,
  RefundsController,
  FinanceCasesController,
  ReconciliationsController,
  InvoicesController,
  InvoiceLinksController,
  DispatchesController,
  LettersController,
  CallbacksController,
  CertificatesController,
  AccountBindingsController,
  InstallationsController,
  CodecController,
  NotificationsController,
  WindowController,
  QueueController,
  UnlocksController,
  TasksController,
  DemoController,
  HealthController,
];

const services = [
  Sessions,
  SmsCodes,
  KeyChallenges,
  Subjects,
  AccountBindingsService,
  AccountChecks,
  PlatformDecisions,
  SmsReceipts,
  TasksService,
  Explanations,
  Refunds,
  Invoices,
  InstallationsService,
  UnlockTickets,
  UnlockRedemptions,
  DraftsService,
  SubmissionService,
  CaseStarter,
  StatementsService,
  OfficeDays,
  Letters,
  Labels,
  ParcelEvents,
  OperatorActs,
  ApplicationsService,
  AgentChangesService,
  ReviewsService,
  Decisions,
];

@Module({})
class ApiModule {
  static of(context: ApiContext): DynamicModule {
    return {
      module: ApiModule,
      controllers,
      providers: [
        { provide: ApiContext, useValue: context },
        ...services,
        {
          provide: APP_GUARD,
          useFactory: (reflector: Reflector, sessions: Sessions) => new AccessGuard(reflector, sessions),
          inject: [Reflector, Sessions],
        },
        { provide: APP_PIPE, useClass: StorableQuery },
        { provide: APP_FILTER, useFactory: () => new ProblemFilter(context) },
      ],
    };
  }
}

export async function createApi(context: ApiContext): Promise<INestApplication> {
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.of(context), { bodyParser: false, logger: ['error', 'warn'] });
  // A reverse proxy on this machine may tell the address of its caller; nobody else may.
  app.set('trust proxy', 'loopback');
  app.disable('x-powered-by');
  if (context.settings?.urls.temporalUi) app.use('/api/v1/codec', forTemporalUi(context.settings.urls.temporalUi));
  app.use(giveRequestId, measureRequests(context.metrics), helmet(), refuseElsewhere);
  app.use('/api/v1/invoice-links', onlyLinks);
  const sessions = app.get(Sessions);
  app.use(
    readBody({
      mayUpload: async (request) => (await sessions.principalOf(request)) !== null,
      mayImport: async (request) => whyNot('credits.import', await sessions.principalOf(request)),
    }),
  );
  app.setGlobalPrefix('api/v1', { exclude: ['healthz', 'readyz', 'metrics'].map((path) => ({ path, method: RequestMethod.ALL })) });
  app.enableShutdownHooks();
  const document = describeApi(app);
  SwaggerModule.setup('api/docs', app, document, { jsonDocumentUrl: 'api/openapi.json', customSiteTitle: '信印 Xinyin API' });
  return app;
}

/** The UI's pages come from another port of this machine: they, and no other origin, may ask with a staff member's cookie. */
function forTemporalUi(origin: string) {
  return (request: Request, response: Response, next: NextFunction): void => {
    if (request.get('origin') !== origin) return next();
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    response.setHeader('Access-Control-Allow-Headers', 'X-Namespace, Content-Type, Authorization');
    response.setHeader('Access-Control-Allow-Methods', 'POST');
    response.setHeader('Vary', 'Origin');
    if (request.method === 'OPTIONS') return void response.status(204).end();
    next();
  };
}

/** Nest answers below its prefix only; a path beside it gets the same words. */
function refuseElsewhere(request: Request, _response: Response, next: NextFunction): void {
  const ours = /^\/(api\/(v1|docs|openapi\.json)\b|(healthz|readyz|metrics)\/?$)/.test(request.path);
  next(ours ? undefined : new XinyinError('NOT_FOUND'));
}

export function describeApi(app: INestApplication): OpenAPIObject {
  const description =
    '企业机构数字证书与电子印章业务接口。Applications for certificates and seals of organisations. Sessions are cookies; errors are RFC 9457 problem details.';
  const config = new DocumentBuilder()
    .setTitle('信印 Xinyin')
    .setDescription(description)
    .setVersion('1')
    .addCookieAuth('xinyin_session')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Problem: openApi(problemSchema, 'output') } };
  return document;
}
