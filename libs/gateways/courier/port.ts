import type { Delivery } from '#domain';
import { readInput } from '../contract-check.js';
import { courierContract } from './contract.js';

export interface CourierGateway {
  createWaybill(waybill: {
    idempotencyKey: string;
    receiver: { name: string; phone: string; address: string; organisation: string };
    contents: string;
  }): Promise<{ trackingNumber: string; /** The label to print, with the bar code of the number. */ pdf: Buffer }>;
}

export interface TrackingEvent {
  eventId: string;
  trackingNumber: string;
  event: Delivery;
  /** ISO instant, UTC. */
  occurredAt: string;
}

/** @throws XinyinError INPUT_INVALID naming each wrong field */
export function parseTrackingEvent(body: unknown): TrackingEvent {
  const told = readInput(courierContract.tracking, body);
  return { ...told, occurredAt: new Date(told.occurredAt).toISOString() };
}
