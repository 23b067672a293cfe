/** Fails when docs/businesses.md is not what the definitions in libs/domain say. `--write` brings it up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  agentChangeKinds,
  businessTable,
  channelWords,
  materials,
  stages,
  tariffWords,
  type BusinessRow,
  type FeeRequest,
  type Words,
} from '#domain';

const file = resolve(import.meta.dirname, '../../docs/businesses.md');
const both = ({ zh, en }: Words) => `${zh} ${en}`;
const list = (words: readonly Words[]) => (words.length === 0 ? '—' : words.map(both).join('<br>'));

function line({ business, channel, name, proof, stages, materials, fees, ends }: BusinessRow): string {
  const paid = fees.length === 0 ? '无 none' : fees.map(({ item, per }) => `${both(item)} (${both(per)})`).join('<br>');
  return `| ${both(name)}<br>\`${business}\` | ${both(channelWords[channel])} | ${both(proof)} | ${list(stages)} | ${list(materials)} | ${paid} | ${both(ends)} |`;
}

type AgentChangeRow = (typeof agentChangeKinds)[keyof typeof agentChangeKinds];
function changeLine(code: string, { zh, en, channels, materials: papers, fees, refusedIn }: AgentChangeRow): string {
  const paid: readonly FeeRequest[] = fees;
  const words = [
    list(channels.map((each) => channelWords[each])),
    list(papers.map((each) => materials[each])),
    paid.length === 0 ? '无 none' : list(paid.map((fee) => tariffWords[fee.code])),
    list(refusedIn.map((each) => stages[each])),
  ];
  return `| ${zh} ${en}<br>\`${code}\` | ${words.join(' | ')} |`;
}

const described = `# 业务一览 Businesses

Generated from \`libs/domain/businesses\` by \`npm run businesses\`; the catalogue endpoint tells the same. Each paper bears a fresh company stamp.

| 业务 Business | 渠道 Channel | 身份证明 Proof | 环节 Stages | 材料 Papers | 费用 Fees | 办结 Ends with |
| --- | --- | --- | --- | --- | --- | --- |
${businessTable().map(line).join('\n')}

## 经办人变更 Changes of the agent

Asked for about an open application, beside its own business: decisions [0030](decisions/0030-handing-over-to-another-agent.md),
[0031](decisions/0031-a-lost-phone.md) and [0046](decisions/0046-a-change-of-the-agent-is-free.md).

| 变更 Change | 渠道 Channel | 材料 Papers | 费用 Fees | 不受理环节 Not taken at |
| --- | --- | --- | --- | --- |
${Object.entries(agentChangeKinds)
  .map(([code, kind]) => changeLine(code, kind))
  .join('\n')}
`;

if (process.argv.includes('--write')) writeFileSync(file, described);
else if (readFileSync(file, 'utf8') !== described) {
  console.error('docs/businesses.md is not what libs/domain says. Run: npm run businesses');
  process.exitCode = 1;
}
