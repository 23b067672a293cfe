/** The outside world's own pages, as people use them: the phone's inbox, the bank's counter, the platform. */
export interface Transfer {
  payerName: string;
  amountFen: number;
  remittance: string;
  payerAccount?: string;
  payerAccountType?: 'corporate' | 'personal';
}

/** An order of ours that the bank carried out, or could not. */
export interface Payment {
  key: string;
  payeeName: string;
  amountFen: number;
  status: 'settled' | 'failed';
}

export interface Sandbox {
  codeFor(phone: string, pattern: string): Promise<string>;
  /** At the bank's counter. Answers the bank's own reference. */
  transfer(input: Transfer): Promise<string>;
  /** What the bank has paid from our account. */
  payments(): Promise<Payment[]>;
  /** Somebody at the courier scans a parcel. */
  scan(trackingNumber: string, event: 'picked-up' | 'delivered' | 'returned' | 'lost'): Promise<void>;
  /** From now on, or since that instant. */
  certify(uscc: string, roleAccount: { kind: string; account: string }, since?: Date): Promise<void>;
  registerAccount(account: { uscc: string; kind: string; account: string; password: string; subAccount?: boolean }): Promise<void>;
  /** What the platform calls the submission of a case; null while it has none. */
  submissionOf(applicationId: string): Promise<string | null>;
  /** The administrator at the platform. */
  decideAccount(submissionId: string, decision: 'approved' | 'refused', reason?: string): Promise<void>;
  messages(phone: string): Promise<unknown[]>;
  /** The latest of a kind that a phone shows, once it has come. */
  sms(phone: string, template: string): Promise<string>;
  base: string;
}

export function openSandbox(base: string, until: <T>(look: () => Promise<T | null>, what: string) => Promise<T>): Sandbox {
  const read = async <T>(path: string) => (await (await fetch(`${base}${path}`)).json()) as T;
  const messages = (phone: string) => read<{ template: string; text: string }[]>(`/sms/messages?phone=${phone}`);
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`sandbox ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const told = async (path: string, body: unknown): Promise<void> => void (await post(path, body));
  return {
    base,
    messages,
    sms: (phone, template) => {
      const find = async () => (await messages(phone)).find((each) => each.template === template)?.text ?? null;
      return until(find, `the SMS ${template}`);
    },
    codeFor: (phone, pattern) =>
      until(async () => {
        for (const { text } of await messages(phone)) {
          const code = new RegExp(pattern).exec(text)?.[1];
          if (code) return code;
        }
        return null;
      }, 'a code by SMS'),
    transfer: async (input) => {
      const given = { payerAccount: '6222 0000 0000 0000', payerAccountType: 'corporate', push: true, ...input };
      return ((await (await post('/bank/transfers', given)).json()) as { reference: string }).reference;
    },
    payments: () => read('/bank/payments'),
    scan: (trackingNumber, event) => told(`/courier/waybills/${trackingNumber}/events`, { event }),
    certify: (uscc, { kind, account }, since) =>
      told('/platform/role-accounts', { uscc, account, kind, status: 'certified', certifiedAt: since?.toISOString() }),
    registerAccount: (account) => told('/platform/role-accounts', { ...account, status: 'certified' }),
    submissionOf: async (applicationId) => {
      const all = await read<{ submissionId: string; reference: string }[]>('/platform/accounts/submissions');
      return all.find(({ reference }) => reference === applicationId)?.submissionId ?? null;
    },
    decideAccount: (submissionId, decision, reason) => told('/platform/accounts/decisions', { submissionId, decision, reason }),
  };
}
