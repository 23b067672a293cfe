/** The outside world's own pages, as people use them: the phone's inbox, the bank's counter, the platform. */
export interface Sandbox {
  codeFor(phone: string, pattern: string): Promise<string>;
  transfer(input: { payerName: string; amountFen: number; remittance: string }): Promise<void>;
  certify(uscc: string, roleAccount: { kind: string; account: string }): Promise<void>;
  registerAccount(account: { uscc: string; kind: string; account: string; password: string; subAccount?: boolean }): Promise<void>;
  /** What the platform calls the submission of a case; null while it has none. */
  submissionOf(applicationId: string): Promise<string | null>;
  /** The administrator at the platform. */
  decideAccount(submissionId: string, decision: 'approved' | 'refused', reason?: string): Promise<void>;
  messages(phone: string): Promise<unknown[]>;
  base: string;
}

export function openSandbox(base: string, until: <T>(look: () => Promise<T | null>, what: string) => Promise<T>): Sandbox {
  const messages = async (phone: string) => (await (await fetch(`${base}/sms/messages?phone=${phone}`)).json()) as { text: string }[];
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`sandbox ${path}: ${response.status} ${await response.text()}`);
  };
  return {
    base,
    messages,
    codeFor: (phone, pattern) =>
      until(async () => {
        for (const { text } of await messages(phone)) {
          const code = new RegExp(pattern).exec(text)?.[1];
          if (code) return code;
        }
        return null;
      }, 'a code by SMS'),
    transfer: (input) =>
      post('/bank/transfers', { ...input, payerAccount: '6222 0000 0000 0000', payerAccountType: 'corporate', push: true }),
    certify: (uscc, { kind, account }) => post('/platform/role-accounts', { uscc, account, kind, status: 'certified' }),
    registerAccount: (account) => post('/platform/role-accounts', { ...account, status: 'certified' }),
    submissionOf: async (applicationId) => {
      const all = (await (await fetch(`${base}/platform/accounts/submissions`)).json()) as { submissionId: string; reference: string }[];
      return all.find(({ reference }) => reference === applicationId)?.submissionId ?? null;
    },
    decideAccount: (submissionId, decision, reason) => post('/platform/accounts/decisions', { submissionId, decision, reason }),
  };
}
