/**
 * The incidents of real nodes, for real: containers with systemd and a real kubelet, broken one way
 * after the other, looked at through ssh and again through the hypervisor.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditDocument } from '../../src/report/schema.ts';
import { findNodes } from '../bed/nodes/build.ts';
import { secondWorker } from '../bed/nodes/faults/fault.ts';
import { faultNamed } from '../bed/nodes/faults/registry.ts';
import { type OwnedNodes, startNodes } from '../bed/nodes/start.ts';
import { expectations, ways } from '../drill/expectations.ts';
import { judge } from '../drill/judge.ts';
import { baselineFile, evenkeel, look, writeConfig } from '../drill/looks.ts';
import { drill, untilQuiet } from '../drill/run.ts';
import { failedEvents, nameOf, told } from '../real/audit.ts';
import { watchHealthyServers } from './healthy-servers.ts';
import { watchPodStarts } from './pod-starts.ts';
import {
  changedPrints,
  floodBytes,
  floodSize,
  measuredLook,
  noisyHost,
  plantSshFaults,
  removeSshFaults,
  sshFaults,
  writeMixedConfig,
} from './ssh-faults.ts';
import { chainOf, untilLook } from './story.ts';

const bed = findNodes();
const minutes = 60_000;
let nodes: OwnedNodes;
const say: string[] = [];
const print = (line: string): void => {
  say.push(line);
};

describe.skipIf(!bed.found)(`real nodes${bed.found ? '' : ` (${bed.reason})`}`, () => {
  beforeAll(async () => {
    nodes = await startNodes({ title: 'the acceptance of real nodes' });
    await untilQuiet(nodes, print);
  }, 6 * minutes);

  afterAll(async () => {
    await nodes.end();
  }, 2 * minutes);

  test('three nodes are Ready within 30 s of a warm cache', () => {
    expect(nodes.timings['nodes Ready']).toBeLessThan(process.env['CI'] ? 60_000 : 30_000);
  });

  test(
    'a baseline is recorded, and every way answers as root',
    async () => {
      const config = writeConfig(nodes, 'pct');
      const argv = ['host', 'facts', '--all', '--hosts', config, '--record-baseline'];
      const { code, stderr } = await evenkeel(nodes, argv);
      expect(code, stderr).toBe(0);
      expect(readFileSync(baselineFile(nodes), 'utf8')).toContain('eth0');
      for (const way of ways) {
        const { document } = await look(nodes, way);
        expect(failedEvents(document).map(nameOf), told(document)).toEqual([]);
        const answers = (document.hosts ?? []).map(({ answered, root }) => answered && root);
        expect(answers).toEqual([true, true, true, true]);
      }
    },
    2 * minutes,
  );

  test(
    'I2: /dev/kmsg is named before Kubernetes notices, and the whole chain after',
    async () => {
      const fault = faultNamed('kmsg');
      await fault.break(nodes);
      const brokenAt = performance.now();
      try {
        const early = await untilLook(nodes, 'ssh', 'host/unit-failed Host/k3s2', 30_000);
        expect(early.afterMs, told(early.document)).toBeLessThan(10_000);
        const chain = chainOf(early.document, 'host/kmsg-missing Host/k3s2');
        expect(chain.certainty).toBe('certain');
        expect(chain.effects).toEqual(
          expect.arrayContaining(['host/unit-failed Host/k3s2', 'node/lease-stale Node/k3s2']),
        );
        const states = await nodes.states();
        expect(states.find(({ name }) => name === 'k3s2')?.ready).toBe('True');
        for (const way of ways) {
          const late = await untilLook(nodes, way, 'node/not-ready Node/k3s2', 120_000, brokenAt);
          const whole = chainOf(late.document, 'host/kmsg-missing Host/k3s2');
          expect(whole.certainty, told(late.document)).toBe('certain');
          expect(whole.effects).toEqual(
            expect.arrayContaining([
              'host/unit-failed Host/k3s2',
              'node/not-ready Node/k3s2',
              expect.stringMatching(/^edge\/haproxy-backend-down HAProxyServer\/pve\/web\/k3s2$/),
            ]),
          );
        }
      } finally {
        await fault.mend(nodes);
      }
      await untilQuiet(nodes, print);
    },
    6 * minutes,
  );

  test(
    'a rename while the link is up breaks nothing, and nothing is said of it',
    async () => {
      const fault = faultNamed('rename-up');
      await fault.break(nodes);
      try {
        for (const way of ways) {
          const { document } = await look(nodes, way);
          expect(failedEvents(document).map(nameOf), told(document)).toEqual([]);
        }
      } finally {
        await fault.mend(nodes);
      }
      await untilQuiet(nodes, print);
    },
    3 * minutes,
  );

  test(
    'a hundred pods start, and their renames stand in the one kernel log: silence',
    async () => {
      expect(await watchPodStarts(nodes, secondWorker(nodes), 100)).toEqual([]);
      await untilQuiet(nodes, print);
    },
    8 * minutes,
  );

  test(
    'machines that spoil a look over ssh are unknown with their reasons, and harm no other',
    async () => {
      try {
        await plantSshFaults(nodes);
        expect(await floodSize(nodes)).toBe(floodBytes);
        const alone = await measuredLook(nodes, writeConfig(nodes, 'ssh'));
        const mixed = await measuredLook(nodes, writeMixedConfig(nodes));
        const { document } = mixed;
        // Its machines have 8 s each, and all are looked at together.
        expect(mixed.tookMs).toBeLessThan(9_000 + 2 * alone.tookMs);
        expect(mixed.peakMebibytes - alone.peakMebibytes).toBeLessThan(150);
        const hosts = new Map((document.hosts ?? []).map((host) => [host.name, host]));
        for (const { host, outcome, says } of sshFaults) {
          const detail = says ? expect.stringMatching(says) : undefined;
          const way = { outcome, ...(detail ? { detail } : {}) };
          expect(hosts.get(host)).toMatchObject({ answered: false, root: null, ways: [way] });
          const unseen = document.unknown.filter((each) => each.hosts.join() === host);
          expect(unseen.map((each) => each.detail)).toEqual([
            expect.stringMatching(new RegExp(`^${host} could not be looked at: ssh .+: .+`)),
          ]);
        }
        const [changed] = hosts.get('changed-key')?.ways ?? [];
        for (const print of await changedPrints(nodes)) expect(changed?.detail).toContain(print);
        expect(hosts.get(noisyHost)).toMatchObject({ answered: true, root: true, unknown: [] });
        const good = (alone.document.hosts ?? []).map(({ name }) => hosts.get(name));
        expect(good).toEqual(alone.document.hosts);
        expect(document.incidents, told(document)).toEqual([]);
        expect(failedEvents(document).map(nameOf), told(document)).toEqual([]);
        const failed = (audit: AuditDocument): string[] =>
          audit.findings.filter(({ verdict }) => verdict === 'fail').map(nameOf);
        const others = failed(document).filter((name) => !name.includes(noisyHost));
        expect(others.toSorted()).toEqual(failed(alone.document).toSorted());
      } finally {
        await removeSshFaults(nodes);
      }
      await untilQuiet(nodes, print);
    },
    4 * minutes,
  );

  test(
    'servers of healthy nodes fail while endpoints of a dead one are served: the dead one is the root',
    async () => {
      const expectation = expectations.find(({ fault }) => fault === 'cut');
      const fault = faultNamed('cut');
      if (!expectation) throw new Error('nothing is expected of cut');
      const seen = await watchHealthyServers(nodes, fault, print);
      for (const way of ways) {
        const { document, servers } = seen.get(way) ?? {};
        if (!document || !servers) throw new Error(`over ${way} none was seen to fail`);
        expect(judge(document, expectation, way).judgement, told(document)).toBe('right');
        const root = expectation.root[way].names
          .map((name) => chainOf(document, name))
          .find(({ certainty }) => certainty !== undefined);
        expect(root?.effects, told(document)).toEqual(expect.arrayContaining([...servers]));
      }
    },
    8 * minutes,
  );

  test.each(expectations.filter(({ fault }) => fault !== 'kmsg'))(
    '$fault: $title',
    async (expectation) => {
      const fault = faultNamed(expectation.fault);
      const result = await drill(nodes, fault, expectation, print);
      for (const way of ways) {
        const { judgement, wrong } = result.ways[way];
        expect({ way, judgement, wrong }, say.slice(-20).join('\n')).toEqual({
          way,
          judgement: 'right',
          wrong: [],
        });
      }
    },
    8 * minutes,
  );
});
