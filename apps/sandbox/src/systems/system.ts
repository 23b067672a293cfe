/** What a system of the outside world gets, and what it gives back. */
import type { Router } from 'express';
import type { Gate } from '../machine/endpoint.js';
import type { System } from '../machine/faults.js';
import type { CallbackTarget } from '../machine/callbacks.js';

export type RenderPdf = (html: string, size: { widthMm: number; heightMm: number }) => Promise<Buffer>;

export interface World extends Gate {
  folder: string;
  renderPdf: RenderPdf;
  bankPush: CallbackTarget | undefined;
  platformPush: CallbackTarget | undefined;
  smsReceipts: Partial<Record<System, CallbackTarget>>;
  courierPush: CallbackTarget | undefined;
  pauseMs: (failed: number) => number;
}

export interface OutsideSystem {
  router: Router;
  close(): void;
}
