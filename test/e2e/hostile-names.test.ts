import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentSchema } from '../../src/report/schema.ts';
import { expectClear } from '../support/clear.ts';
import { evenkeel, kubeconfigFor, type Ran } from '../support/cli.ts';
import { type EmulatedApi, serveWorld } from '../support/emulated-api.ts';
import { event, lease, node, object, pod } from '../support/objects.ts';
import { ago, type World } from '../support/snapshot.ts';
import { claim } from '../support/storage.ts';

/** Clears the screen, rings, goes back, turns around, hides: all that a terminal would obey. */
const evil =
  'x\u001b[2J\u001b]0;t\u0007\r\n# y\u202egpj.exe\u2066\u200b\u009b31m\u061c\ufeff\b`<b>|$(id)';

const dead = `node-${evil}`;
const namespace = `space-${evil}`;
const name = `pod-${evil}`;
const about = { kind: 'Pod', namespace, name };
const since = ago(7200);

function world(): World {
  return {
    objects: [
      node('good'),
      lease('good'),
      node(dead, {
        ready: 'Unknown',
        since,
        reason: evil,
        message: evil,
        labels: { [evil]: evil, 'node-role.kubernetes.io/control-plane': '' },
        taints: [{ key: `node.kubernetes.io/${evil}`, effect: 'NoExecute', timeAdded: since }],
      }),
      lease(dead, { renewed: ago(7230) }),
      object('v1', 'Namespace', namespace),
      pod(name, {
        namespace,
        node: dead,
        ready: false,
        since,
        claims: [evil],
        labels: { app: evil },
        owner: { kind: 'ReplicaSet', name: evil },
        container: {
          name: evil,
          image: evil,
          state: { waiting: { reason: 'CrashLoopBackOff', message: evil } },
          restartCount: 9,
        },
      }),
      pod(`going-${evil}`, { namespace, node: dead, deleted: ago(7000), finalizers: [evil] }),
      claim(evil, { namespace, phase: 'Pending', spec: { storageClassName: evil } }),
      event(evil, { about, reason: 'FailedMount', message: `MountVolume.SetUp failed: ${evil}` }),
      object(
        'v1',
        'Service',
        evil,
        {
          spec: {
            selector: { app: evil },
            clusterIP: '10.0.0.1',
            ports: [{ port: 80, name: evil }],
          },
        },
        { namespace },
      ),
    ],
    logs: { [`${namespace}/${name}/${evil}`]: [evil] },
    deny: ['events'],
  };
}

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-names-'));
let api: EmulatedApi;
let kubeconfig: string;

beforeAll(async () => {
  api = await serveWorld(world());
  kubeconfig = kubeconfigFor(api.url, directory, { user: evil });
  // The names of a kubeconfig are as foreign as those of the cluster.
  const text = readFileSync(kubeconfig, 'utf8').replaceAll('"test"', JSON.stringify(evil));
  writeFileSync(kubeconfig, text);
});

afterAll(async () => {
  await api.close();
  rmSync(directory, { recursive: true, force: true });
});

async function run(...argv: readonly string[]): Promise<Ran> {
  return await evenkeel(argv, { clock: api.clock, cwd: directory });
}

describe('names that a terminal would obey', () => {
  test.each(['text', 'markdown', 'json'])('are spelled out in %s', async (output) => {
    const ran = await run('audit', '--kubeconfig', kubeconfig, '--output', output);
    expectClear(ran);
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toMatch(/202e/i);
  });

  test('come back from JSON as they were', async () => {
    const ran = await run('audit', '--kubeconfig', kubeconfig, '--output', 'json');
    const report = documentSchema.parse(JSON.parse(ran.stdout));
    expect(report.findings.map(({ subject }) => subject?.name)).toContain(dead);
    expect(report.incidents.length).toBeGreaterThan(0);
    for (const { commands } of report.findings) {
      for (const command of commands) expect(command).not.toContain('$(id)');
    }
  });

  test('draw nothing in a Markdown viewer', async () => {
    const { stdout } = await run('audit', '--kubeconfig', kubeconfig, '--output', 'markdown');
    const outsideOfCode = stdout.replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
    expect(outsideOfCode).not.toContain('<b>');
    expect(stdout).not.toMatch(/^# y/m);
  });

  test('are spelled out wherever one asks for more', async () => {
    const ran = await run('audit', '--kubeconfig', kubeconfig, '--output', 'json');
    const { incidents, findings } = documentSchema.parse(JSON.parse(ran.stdout));
    for (const { id } of [...incidents, ...findings]) {
      const explained = await run('explain', id, '--kubeconfig', kubeconfig);
      expectClear(explained);
      expect(explained.exitCode, id).toBe(0);
    }
  });

  test('are spelled out by bundle and doctor', async () => {
    const bundle = join(directory, 'bundle.gz');
    expectClear(await run('bundle', 'create', '--kubeconfig', kubeconfig, '--out', bundle));
    const inspected = await run('bundle', 'inspect', bundle);
    expectClear(inspected);
    expect(inspected.stdout).toContain('\\u{202e}');
    for (const output of ['text', 'yaml', 'json']) {
      const doctor = await run('doctor', '--kubeconfig', kubeconfig, '--output', output);
      expectClear(doctor);
      expect(doctor.exitCode, doctor.stderr).toBe(1);
    }
  });

  test('are spelled out where a person made the mistake', async () => {
    const flags = ['--kubeconfig', kubeconfig];
    const runs = [
      run('audit', ...flags, '--context', `${evil}?`),
      run('audit', ...flags, '--check', evil),
      run('audit', ...flags, '--timeout', evil),
      run('audit', ...flags, '--out', join(directory, evil.replaceAll('/', ''), 'x')),
      run('audit', '--bundle', `${directory}/${evil}`),
      run('explain', evil),
      run('explain', `F-${evil}`, ...flags),
      run('checks', evil),
      run(evil),
      run('audit', `--${evil}`),
      run('audit', '--output', evil),
    ];
    for (const ran of await Promise.all(runs)) {
      expectClear(ran);
      expect(ran.exitCode, ran.stderr).toBe(2);
    }
  });
});
