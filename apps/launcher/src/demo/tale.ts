/** A demonstration that is told by its name: what it is about, and how it is lived through. Answers the number of its application. */
import type { Scene } from './holder.js';

export interface Tale {
  zh: string;
  en: string;
  live: (scene: Scene) => Promise<string>;
}
