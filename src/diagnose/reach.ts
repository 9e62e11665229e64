import type { Ref } from '../model/ref.ts';

/** From the subject of a cause to the subjects (as `refKey`) that its effect may have. */
export type Reach = (subject: Ref) => readonly string[];
