/** What is to go from the store of files. */
import { Entity } from 'typeorm';
import { instant, text } from './columns.js';

/** An object that a deleted row referred to. It goes from the store when no other row does; until then nobody has looked. */
@Entity({ name: 'object_removal' })
export class ObjectRemoval {
  @text('sha256', { primary: true }) sha256!: string;
  @instant('left_at') leftAt!: Date;
}
