import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documentSchema } from '../../src/report/schema.ts';
import { evenkeel } from '../support/cli.ts';

const root = join(import.meta.dirname, '../..');
const bundle = join(root, 'demo/incident.evenkeel.gz');

test('the demo is one incident that explains everything', async () => {
  const ran = await evenkeel(['audit', '--bundle', bundle, '--output', 'json']);
  const { incidents, alone, findings } = documentSchema.parse(JSON.parse(ran.stdout));
  expect(ran.exitCode).toBe(1);
  expect(incidents).toHaveLength(1);
  expect(alone).toEqual([]);
  const cause = findings.find(({ id }) => id === incidents[0]?.roots[0]);
  expect(cause).toMatchObject({ check: 'host/kmsg-missing', subject: { name: 'k3s2' } });
  expect(incidents[0]?.certainty).toBe('certain');
  const chain = incidents[0]?.chain.map(({ finding }) => findings.find(({ id }) => id === finding));
  expect(chain?.map((each) => each?.check)).toEqual([
    'host/unit-failed',
    'node/not-ready',
    'edge/haproxy-backend-down',
  ]);
});

test('the first screen of the README shows what the demo says', async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const { stdout } = await evenkeel(['audit', '--bundle', bundle], { env: { COLUMNS: '92' } });
  const from = stdout.indexOf('1 incident explains');
  expect(readme).toContain(stdout.slice(from, stdout.indexOf('Risks (')).trimEnd());
  expect(readme.split('\n').length).toBeLessThanOrEqual(121);
});
