/** The bed that some process on this machine keeps running. */
import { findNodes } from '../build.ts';
import { type Nodes, openNodes } from '../nodes.ts';
import { type NodesRecord, ownerLives, readRecord } from '../record.ts';

/** A handle on it; throws when there is none, and when it is not ready yet. */
export function runningNodes(): Nodes {
  const record = runningRecord();
  if (!record.ready) throw new Error('the bed is still starting');
  const build = findNodes();
  if (!build.found) throw new Error(build.reason);
  return openNodes(build, record.nodes);
}

export function runningRecord(): NodesRecord {
  const record = readRecord();
  if (record === undefined) throw new Error('no bed is running: npm run bed -- up');
  if (!ownerLives(record))
    throw new Error(
      'the process that kept the bed has died: npm run bed -- down takes the rest away',
    );
  return record;
}
