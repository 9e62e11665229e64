import { describe, expect, test } from 'vitest';
import { checks } from '../../src/checks/registry.gen.ts';
import { runChecks } from '../../src/diagnose/run-checks.ts';
import type { Host } from '../../src/model/objects/host/host.ts';
import { adapters } from '../fixtures/usb/adapters.ts';
import { recorded, replay } from '../fixtures/usb/replay.ts';
import { stories } from '../fixtures/usb/stories.ts';
import { at } from '../support/links.ts';
import { lease } from '../support/objects.ts';
import { ago, snapshotOf } from '../support/snapshot.ts';
import { audited } from './world.ts';

/**
 * Fixtures, not measurements: USB cannot be had on the test bed. From a machine's files through the
 * same reader, collectors and checks as of any host.
 */

const events = checks.filter(({ kind, layer }) => layer === 'link' && kind === 'event');

const nodes = [at('a', '192.0.2.11'), at('b', '192.0.2.12')];

function said(host: Host): readonly string[] {
  const runs = runChecks(snapshotOf({ objects: nodes, hosts: [host] }), events);
  return runs.flatMap(({ findings }) =>
    findings.map((each) =>
      [each.check, each.verdict, ...('severity' in each ? [each.severity] : [])].join(' '),
    ),
  );
}

describe.each(adapters)('$driver', (adapter) => {
  test.each(stories)('fixture: $name', async (story) => {
    const host = await replay({ adapter, story, baseline: await recorded(adapter) });
    expect(said(host)).toEqual(story.says);
  });

  test('fixture: where there is no ip, /sys tells the same', async () => {
    const [story] = stories;
    if (!story) throw new Error('no such fixture');
    const adapters = async (ip: boolean): Promise<unknown> => {
      const { interfaces } = await replay({ adapter, story, ip });
      if (interfaces.state !== 'known') return interfaces;
      return interfaces.value.filter(({ name }) => name === adapter.name);
    };
    expect(await adapters(false)).toEqual(await adapters(true));
  });

  test('fixture: the baseline knows where it is plugged in, and how fast it was', async () => {
    expect(await recorded(adapter)).toMatchObject({
      address: '192.0.2.11',
      defaultRoute: true,
      uplink: {
        name: adapter.name,
        mac: adapter.mac,
        busPath: `2-1:${adapter.function}`,
        speedMbps: adapter.speedMbps,
        usbSpeedMbps: 5000,
      },
    });
  });
});

describe('a controller that died under the adapter of a node', () => {
  test('fixture: it is the one cause; adapter and node follow', async () => {
    const [adapter] = adapters;
    const story = stories.find(({ name }) => name === 'its controller dies');
    if (!adapter || !story) throw new Error('no such fixture');
    const host = await replay({ adapter, story, baseline: await recorded(adapter) });
    const told = audited({
      objects: [
        at('a', '192.0.2.11', { ready: 'Unknown', since: ago(550) }),
        lease('a', { renewed: ago(602) }),
        at('b', '192.0.2.12'),
        lease('b'),
      ],
      hosts: [host],
    });
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]?.roots).toEqual([`link/usb-bus-trouble Link/a/${adapter.name}`]);
    expect(told.incidents[0]?.chain).toEqual(
      expect.arrayContaining([
        `link/usb-bus-trouble Link/a/${adapter.name} → link/usb-nic-disconnected Link/a/${adapter.name}`,
        `link/usb-nic-disconnected Link/a/${adapter.name} → node/not-ready Node/a`,
      ]),
    );
  });
});
