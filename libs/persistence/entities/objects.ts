/** What is to go from the store of files. */
import { Entity } from 'typeorm';
import { instant, text } from './columns.js';

/** An object that a deleted row referred to, or none ever did. It goes from the store after `leftAt` when no other row refers to it. */
@Entity({ name: 'object_removal' })
export class ObjectRemoval {
  @text('sha256', { primary: true }) sha256!: string;
  @instant('left_at') leftAt!: Date;
}
