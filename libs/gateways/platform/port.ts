export interface PlatformGateway {
  roleAccount(query: { uscc: string; account: string }): Promise<{ status: 'certified' | 'uncertified' | 'unknown'; kind: string | null }>;
  /** Ties the role account to the certificate. The initial password goes onto the token's label and nowhere else. */
  bind(binding: {
    idempotencyKey: string;
    uscc: string;
    account: string;
    certificateSerial: string;
    certificateName: string;
  }): Promise<{ bindingId: string; initialPassword: string }>;
}
