/** An SMS operator: takes messages, shows what each phone received, and reports what became of them where it was told to. */
import { Router } from 'express';
import { shanghaiClock } from '#domain';
import { contracts } from '#gateways';
import { createCallbacks } from '../machine/callbacks.js';
import { json, machineOf } from '../machine/endpoint.js';
import type { System } from '../machine/faults.js';
import { html } from '#documents';
import { faultPanel, heading, page } from '../pages/layout.js';
import { openJournal } from '../storage/journal.js';
import { createOnce } from '../storage/once.js';
import type { OutsideSystem, World } from './system.js';

export type SmsOperator = Extract<System, 'sms' | 'sms2'>;

interface Message {
  messageId: string;
  phone: string;
  text: string;
  template: string;
  at: string;
}
type Entry =
  | { type: 'accepted'; key: string; fingerprint: string; message: Message }
  /** `unreported`: nobody is to be told of it. */
  | { type: 'delivered'; messageId: string; unreported?: true }
  | { type: 'failed'; messageId: string }
  | { type: 'reported'; messageId: string };

/** What a phone that is off leads to; the other reasons come from real operators. */
const REASON = 'phone-off';

export function openSms(world: World, operator: SmsOperator): OutsideSystem {
  const journal = openJournal<Entry>(world.folder, operator);
  const accepted = new Map<string, Message>();
  /** What the phones show, oldest first; a message delivered twice stands here twice. */
  const inbox: Message[] = [];
  const unreported = new Map<string, 'delivered' | 'failed'>();
  const once = createOnce<Message>();
  const receipts = createCallbacks({
    target: world.smsReceipts[operator],
    now: world.now,
    pauseMs: world.pauseMs,
    onAccepted: (messageId) => void (unreported.has(messageId) && record({ type: 'reported', messageId })),
  });

  const apply = (entry: Entry) => {
    if (entry.type === 'accepted') {
      accepted.set(entry.message.messageId, entry.message);
      once.restore(entry.key, entry.fingerprint, entry.message);
    }
    if (entry.type === 'delivered') {
      const message = accepted.get(entry.messageId);
      if (message) inbox.push(message);
      if (!entry.unreported) unreported.set(entry.messageId, 'delivered');
    }
    if (entry.type === 'failed') unreported.set(entry.messageId, 'failed');
    if (entry.type === 'reported') unreported.delete(entry.messageId);
  };
  const record = (entry: Entry) => {
    journal.append(entry);
    apply(entry);
  };
  const report = (messageId: string, status: 'delivered' | 'failed') => {
    const at = accepted.get(messageId)?.at;
    receipts.send(messageId, { messageId, status, at, ...(status === 'failed' ? { reason: REASON } : {}) });
  };
  const deliver = ({ messageId }: Message) => {
    const fault = world.faults.take(operator, ['undeliverable', 'receipt-lost']);
    if (fault?.kind === 'undeliverable') {
      record({ type: 'failed', messageId });
      return report(messageId, 'failed');
    }
    if (fault?.kind === 'receipt-lost') return record({ type: 'delivered', messageId, unreported: true });
    record({ type: 'delivered', messageId });
    report(messageId, 'delivered');
  };

  for (const entry of journal.past) apply(entry);
  for (const [messageId, status] of [...unreported]) report(messageId, status);

  const router = Router();
  const machine = machineOf(world, operator);
  router.post(
    '/messages',
    machine(contracts.sms.message, async ({ idempotencyKey, ...content }, _request, again) => {
      const message = await once.run(idempotencyKey, content, async (fingerprint) => {
        const messageId = `M${String(accepted.size + 1).padStart(10, '0')}`;
        const taken: Message = { messageId, ...content, at: world.now().toISOString() };
        record({ type: 'accepted', key: idempotencyKey, fingerprint, message: taken });
        deliver(taken);
        return taken;
      });
      if (again) deliver(message);
      return json({ messageId: message.messageId });
    }),
  );

  const received = (phone: unknown) =>
    inbox.filter((message) => typeof phone !== 'string' || phone === '' || message.phone === phone).reverse();
  router.get('/messages', (request, response) => void response.json(received(request.query['phone'])));
  router.get('/', (request, response) => {
    const phone = typeof request.query['phone'] === 'string' ? request.query['phone'] : '';
    const content = html`${inboxSection(operator, phone, received(phone))} ${faultPanel(operator, world.faults.list())}`;
    response.send(page(operator, content));
  });
  return {
    router,
    close: () => {
      receipts.close();
      journal.close();
    },
  };
}

function inboxSection(operator: SmsOperator, phone: string, messages: readonly Message[]) {
  return html`<section>
    ${heading('收件箱', 'Inbox')}
    <form method="get" action="/${operator}">
      <label>手机号 <small lang="en">phone (empty: all)</small><input name="phone" value="${phone}" inputmode="numeric" /></label>
      <button>查看 <small lang="en">show</small></button>
    </form>
    ${messages.length === 0 && html`<p class="none">没有短信 No messages</p>`}
    ${messages.slice(0, 200).map(
      ({ phone: to, text, template, at, messageId }) =>
        html`<p class="bubble">${text}</p>
          <p class="stamp">${to} · ${shanghaiClock(new Date(at))} · ${template} · ${messageId}</p>`,
    )}
  </section>`;
}
