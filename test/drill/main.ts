/**
 * `npm run drill:full`: every fault at five random moments. Stopped, it goes on where it was.
 *
 *   --rounds N     how many moments (5)
 *   --fault NAME   only this one
 *   --scratch      forget nothing and record nothing: for trying out
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { faultNamed } from '../bed/nodes/faults/registry.ts';
import { startNodes } from '../bed/nodes/start.ts';
import { clockExpectations, expectations } from './expectations.ts';
import { appendRecord, readJournal } from './journal.ts';
import { baselineFile, evenkeel, writeConfig } from './looks.ts';
import { drill, untilQuiet } from './run.ts';
import { renderDrill } from './table.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    fault: { type: 'string', multiple: true },
    scratch: { type: 'boolean', default: false },
  },
});
const page = path.join(import.meta.dirname, '../../docs/reference/drill.md');
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const wanted = [...expectations, ...clockExpectations].filter(
  ({ fault }) => values.fault?.includes(fault) ?? true,
);
const done = new Set(
  values.scratch ? [] : readJournal().map(({ round, fault }) => `${round} ${fault}`),
);
const nodes = await startNodes({ title: 'the drill' });
try {
  await untilQuiet(nodes, print);
  await evenkeel(nodes, [
    ...['host', 'facts', '--all', '--record-baseline'],
    ...['--hosts', writeConfig(nodes, 'pct')],
  ]);
  print(`baseline: ${baselineFile(nodes)}`);
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    for (const expectation of wanted) {
      if (done.has(`${round} ${expectation.fault}`)) continue;
      const fault = faultNamed(expectation.fault);
      print(`${new Date().toISOString()} round ${round}: ${expectation.fault}`);
      const result = await drill(nodes, fault, expectation, print);
      if (values.scratch) continue;
      appendRecord({ round, at: new Date().toISOString(), ...result });
      writeFileSync(page, renderDrill(readJournal()));
    }
  }
} finally {
  await nodes.end();
}
