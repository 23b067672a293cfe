/** Changes of the agent, as a demonstration shows them: each to where the case has gone on, with its record in files. Rules: docs/decisions/0030, 0031, 0046. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentChange, Application, FeeOrder } from '#persistence';
import { agentChanges } from '../../apps/launcher/src/demo/agent-changes.js';
import type { Scene } from '../../apps/launcher/src/demo/holder.js';
import { createTeller } from '../../apps/launcher/src/demo/teller.js';
import { openOffice, type Office } from '../world/office.js';

const LETTER = 'authorisation-letter.png';
const RECORD = ['audit.jsonl', 'messages.json', 'timeline.json'];

describe('a change of the agent, shown', () => {
  let office: Office;
  const out = mkdtempSync(join(tmpdir(), 'xinyin-shown-'));
  beforeAll(async () => {
    office = await openOffice();
  }, 120_000);
  afterAll(async () => {
    await office.close();
    rmSync(out, { recursive: true, force: true });
  }, 60_000);

  const readJson = <T>(number: string, file: string) => JSON.parse(readFileSync(join(out, number, file), 'utf8')) as T;

  it.each([
    ['handed-over', 'applied', ['agent.change-asked', 'agent.change-approved', 'agent.change-code-sent', 'agent.changed'], [LETTER]],
    ['at-window', 'applied', ['agent.change-asked', 'agent.change-approved', 'agent.change-code-sent', 'agent.changed'], [LETTER]],
    ['stopped', 'rejected', ['agent.change-asked', 'agent.change-approved', 'agent.change-code-sent', 'agent.change-rejected'], [LETTER]],
    ['lost-phone', 'applied', ['agent.change-asked', 'agent.change-approved', 'agent.change-code-sent', 'agent.changed'], []],
    [
      'called-back',
      'applied',
      ['agent.called-back', 'agent.change-asked', 'agent.change-approved', 'agent.change-code-sent', 'agent.changed'],
      [],
    ],
  ] as const)(
    'D: %s: %s; the order is the same, and its steps are on the timeline that is left',
    async (name, state, steps, papers) => {
      const said: string[] = [];
      const teller = createTeller((line) => said.push(line));
      const scene: Scene = { office, sandbox: office.sandbox, teller, choice: {}, tokens: '', folderOf: (number) => join(out, number) };
      const number = await agentChanges[name].live(scene);

      const { manager } = office.data;
      const application = await manager.findOneByOrFail(Application, { number });
      const change = await manager.findOneByOrFail(AgentChange, { applicationId: application.id });
      expect(change.state).toBe(state);
      expect(application).toMatchObject({ stage: 'dispatch', agentPhone: state === 'applied' ? change.newPhone : change.oldPhone });
      // One order, paid once: for two years 50 + 400 yuan, and nothing for the change.
      const orders = await manager.findBy(FeeOrder, { applicationId: application.id });
      expect(orders.map(({ amountFen, receivedFen, status }) => [amountFen, receivedFen, status])).toEqual([[45_000, 45_000, 'paid']]);

      expect(readdirSync(join(out, number)).sort()).toEqual([...RECORD, ...papers].sort());
      const timeline = readJson<{ action: string }[]>(number, 'timeline.json').map(({ action }) => action);
      expect(timeline.filter((action) => action.startsWith('agent.'))).toEqual(steps);
      const told = readJson<{ template: string; phone: string }[]>(number, 'messages.json');
      expect(told.map(({ template }) => template)).toContain(state === 'applied' ? 'agent-welcome' : 'agent-change-ended');
      expect(said.filter((line) => line.includes('✗'))).toEqual([]);
    },
    240_000,
  );
});
