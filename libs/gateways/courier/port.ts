export interface CourierGateway {
  createWaybill(waybill: {
    idempotencyKey: string;
    receiver: { name: string; phone: string; address: string; organisation: string };
    contents: string;
  }): Promise<{ trackingNumber: string; /** The label to print, with the bar code of the number. */ pdf: Buffer }>;
}
