import {
  agentChangeKinds,
  agreements,
  businesses,
  catalogue,
  channelsOf,
  describeDispatch,
  dispatchDay,
  isAgreement,
  materials,
  priceFees,
  shanghaiDay,
  stages,
  tariffWords,
  totalFen,
  wayOf,
  XinyinError,
  type AgentChangeKind,
  type FeeLine,
  type FeeRequest,
} from '#domain';
import { readTariff } from '#persistence';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Documented } from '../platform/input.js';
import { agreementTexts } from './agreement-texts.js';

const words = z.object({ slug: z.string(), zh: z.string(), en: z.string() });
const promiseView = z.object({ day: z.string(), reason: z.string(), reasonEn: z.string(), provisional: z.boolean() });
const feesView = z.object({
  lines: z.array(z.object({ zh: z.string(), en: z.string(), amountFen: z.number() })),
  totalFen: z.number(),
});
const catalogueView = z.object({
  businesses: z.array(
    words.extend({
      about: z.enum(['organisation', 'certificate']),
      channels: z.array(z.string()),
      sectors: z.array(words.extend({ systems: z.array(words) })),
      ways: z.array(
        z.object({
          channel: z.string(),
          proof: z.string(),
          materials: z.array(words),
          stages: z.array(words),
          ends: z.object({ zh: z.string(), en: z.string() }),
        }),
      ),
      agreements: z.array(words.extend({ version: z.string() })),
      feesForOneYear: feesView,
      dispatchIfCompletedNow: promiseView,
    }),
  ),
  /** What may be asked for about an open application when its agent, or the agent's phone, is another. */
  agentChanges: z.array(words.extend({ channels: z.array(z.string()), materials: z.array(words), fees: feesView })),
});
const agreementView = words.extend({ version: z.string(), text: z.string() });

@ApiTags('catalogue')
@Controller()
export class CatalogueController {
  constructor(private readonly context: ApiContext) {}

  /** What can be applied for, with materials, fees and the dispatch date to be expected. */
  @Get('catalogue')
  @Allow('anybody')
  @Documented({ answers: catalogueView })
  async catalogue(): Promise<z.infer<typeof catalogueView>> {
    const tariff = await readTariff(this.context.data.manager);
    const now = this.context.now();
    const priced = (requests: readonly FeeRequest[]) => feesOf(priceFees(requests, tariff, shanghaiDay(now)));
    const promise = dispatchDay(now, await this.context.calendar());
    const reason = describeDispatch(promise);
    return {
      businesses: catalogue.map(({ business, sectors }) => {
        const definition = businesses[business];
        return {
          slug: definition.slug,
          zh: definition.zh,
          en: definition.en,
          about: definition.about,
          channels: channelsOf(business),
          sectors: sectors.map((sector) => ({ ...sector, systems: [...sector.systems] })),
          ways: channelsOf(business).flatMap((channel) => {
            const way = wayOf(business, channel);
            if (!way) return [];
            const { proof, ends } = way;
            const papers = way.materials.map((slug) => ({ slug, ...materials[slug] }));
            return [
              { channel, proof, materials: papers, stages: way.stages.map((slug) => ({ slug, ...stages[slug] })), ends: { ...ends } },
            ];
          }),
          agreements: definition.agreements.map((slug) => ({ slug, ...agreements[slug] })),
          feesForOneYear: priced(definition.fees({ count: 1, years: 1 })),
          dispatchIfCompletedNow: { day: promise.day, reason: reason.zh, reasonEn: reason.en, provisional: promise.provisional },
        };
      }),
      agentChanges: (Object.keys(agentChangeKinds) as AgentChangeKind[]).map((slug) => {
        const { zh, en, channels, materials: papers, fees } = agentChangeKinds[slug];
        return {
          slug,
          zh,
          en,
          channels: [...channels],
          materials: papers.map((each) => ({ slug: each, ...materials[each] })),
          fees: priced(fees),
        };
      }),
    };
  }

  @Get('agreements/:slug')
  @Allow('anybody')
  @Documented({ answers: agreementView })
  agreement(@Param('slug') slug: string): z.infer<typeof agreementView> {
    if (!isAgreement(slug)) throw new XinyinError('NOT_FOUND');
    const { version } = agreements[slug];
    return { slug, ...agreements[slug], text: agreementTexts[slug][version] ?? '' };
  }
}

const feesOf = (lines: readonly FeeLine[]): z.infer<typeof feesView> => ({
  lines: lines.map((line) => ({ ...tariffWords[line.code], amountFen: line.amountFen })),
  totalFen: totalFen(lines),
});
