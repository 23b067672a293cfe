/** Every minute: messages that failed, or of which nobody reported, get a workflow of their own. */
import { outside } from '../stages/proxies.js';

export async function followMessages(): Promise<{ started: number }> {
  return outside.followMessages({});
}
