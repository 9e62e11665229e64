/** HAProxy's servers on healthy nodes, whose NodePorts choose endpoints on a dead one for a while. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditDocument } from '../../src/report/schema.ts';
import type { Fault } from '../bed/nodes/faults/fault.ts';
import type { Nodes } from '../bed/nodes/nodes.ts';
import { type Way, ways } from '../drill/expectations.ts';
import { look } from '../drill/looks.ts';
import { untilQuiet } from '../drill/run.ts';
import { failedEvents, nameOf } from '../real/audit.ts';

/** Kubernetes takes the endpoints of a dead node away after that long at most. */
const servedMs = 60_000;
/** Which endpoint a check meets is chance: once in three times. */
const breaks = 4;

const isHealthyServer = /^edge\/haproxy-backend-down HAProxyServer\/pve\/web\/k3s[13]$/;

/** What one audit said while a server on k3s1 or k3s3 failed, though their nodes are well. */
export interface Misled {
  readonly document: AuditDocument;
  readonly servers: readonly string[];
}

/** Breaks k3s2 until each way has seen a server of a healthy node fail for it, and mends it. */
export async function watchHealthyServers(
  nodes: Nodes,
  fault: Fault,
  print: (line: string) => void,
): Promise<ReadonlyMap<Way, Misled>> {
  const seen = new Map<Way, Misled>();
  for (let n = 0; n < breaks && seen.size < ways.length; n += 1) {
    await fault.break(nodes);
    try {
      await watchOnce(nodes, seen);
    } finally {
      await fault.mend(nodes);
    }
    await untilQuiet(nodes, print);
  }
  return seen;
}

async function watchOnce(nodes: Nodes, seen: Map<Way, Misled>): Promise<void> {
  const endsAt = performance.now() + servedMs;
  while (performance.now() < endsAt && seen.size < ways.length) {
    for (const way of ways.filter((each) => !seen.has(each))) {
      const { document } = await look(nodes, way);
      const servers = failedEvents(document)
        .map(nameOf)
        .filter((name) => isHealthyServer.test(name));
      if (servers.length > 0) seen.set(way, { document, servers });
    }
    await sleep(300);
  }
}
